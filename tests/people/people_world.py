"""Names of a small county that tests set up."""

from datetime import datetime
from zoneinfo import ZoneInfo

from xinheng.people.actions import NewDepartment, NewOfficer, NewRegion
from xinheng.people.models import Role

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
PASSWORD = "云屿-海风-4721"
MARKET = NewDepartment("1199000100000137X5", "云屿县发展和改革局", "县发改局", telephone="0990-0001011")
SCHOOLS = NewDepartment("11990001000001740Y", "云屿县教育局", "县教育局", hold_before_publication=True)
COUNTY = NewRegion("990001", "演示省幻海市云屿县", "云屿县")
ADMINISTRATOR = NewOfficer("gu.anlan", "顾安澜", MARKET.code, PASSWORD, (Role.ADMINISTRATOR,))
OFFICE = NewOfficer("lin.xinyu", "林信予", MARKET.code, PASSWORD, (Role.CREDIT_OFFICE,))
COLLECTOR = NewOfficer("he.shuo", "何朔", SCHOOLS.code, PASSWORD, (Role.COLLECTOR,))
