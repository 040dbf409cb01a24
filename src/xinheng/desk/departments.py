"""For which departments an officer may send: her own, or any of the region for region-wide roles."""

from xinheng.base.errors import NotFound
from xinheng.desk.access import Visit
from xinheng.people.models import Department
from xinheng.people.queries import DepartmentSummary, departments


def own_departments(visit: Visit) -> tuple[DepartmentSummary, ...]:
    """The active departments within reach."""
    return departments(visit.scope)


def chosen_department(visit: Visit, text: str) -> Department:
    """The department with that number, if it is within reach."""
    for one in own_departments(visit):
        if str(one.id) == text:
            return Department.objects.select_related("region").get(pk=one.id)
    raise NotFound("没有这个部门，或者您不能以它的名义报送。", "请从列表中选择部门。")
