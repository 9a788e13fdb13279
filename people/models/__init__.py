"""Persons, departments, the studio, signing in and permissions."""

from people.models.days import DayOff
from people.models.equipment import HardwareItem, HardwareItemDepartmentLink, Software, SoftwareDepartmentLink
from people.models.organisation import Department, Organisation, SalaryScale, Studio
from people.models.persons import Attempts, DesktopLoginLog, LoginLog, OneTimeToken, Person, Session
from people.models.second_factors import AppLoginCode, EmailCode, SpentProof

__all__ = [
    "AppLoginCode",
    "Attempts",
    "DayOff",
    "Department",
    "DesktopLoginLog",
    "EmailCode",
    "HardwareItem",
    "HardwareItemDepartmentLink",
    "LoginLog",
    "OneTimeToken",
    "Organisation",
    "Person",
    "SalaryScale",
    "Session",
    "Software",
    "SoftwareDepartmentLink",
    "SpentProof",
    "Studio",
]
