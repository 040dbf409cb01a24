"""A department's program as a process of its own: reads with its secret, then acknowledges what it must remove.

`python retraction_reader.py URL SECRET pull PATH` prints the record versions it holds;
`python retraction_reader.py URL SECRET acknowledge` removes and acknowledges, and prints how many.
"""

import json
import sys
import urllib.request
import uuid
from typing import Any


def call(url: str, secret: str, path: str, body: dict[str, Any] | None = None) -> Any:
    headers = {"Authorization": f"Bearer {secret}"}
    data = None
    if body is not None:
        headers |= {"Content-Type": "application/json", "Idempotency-Key": uuid.uuid4().hex}
        data = json.dumps(body).encode()
    request = urllib.request.Request(f"{url}/api/v1{path}", data=data, headers=headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def main(url: str, secret: str, what: str, *path: str) -> None:
    if what == "pull":
        print(len(call(url, secret, path[0])["records"]))
        return
    open_ones = call(url, secret, "/retractions")["retractions"]
    for one in open_ones:
        call(url, secret, f"/retractions/{one['id']}/acknowledge", {"version": one["version"]})
    print(len(open_ones))


if __name__ == "__main__":
    main(*sys.argv[1:])
