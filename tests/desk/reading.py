"""Reading pages of the desk in tests."""

from django.test import Client


def text_of(client: Client, address: str, status: int = 200) -> str:
    """The text of a page that must answer with that status."""
    response = client.get(address)
    assert response.status_code == status, (address, response.status_code, response.content.decode()[:3000])
    return response.content.decode()
