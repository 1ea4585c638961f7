"""The official holidays of 2026, from 国务院办公厅关于2026年部分节假日安排的通知 (2025-11-04)."""

from datetime import date, timedelta

from django.db import migrations

# Name, first day off, last day off, days worked instead; ``(month, day)`` each.
TABLE = (
    ("元旦", (1, 1), (1, 3), [(1, 4)]),
    ("春节", (2, 15), (2, 23), [(2, 14), (2, 28)]),
    ("清明节", (4, 4), (4, 6), []),
    ("劳动节", (5, 1), (5, 5), [(5, 9)]),
    ("端午节", (6, 19), (6, 21), []),
    ("中秋节", (9, 25), (9, 27), []),
    ("国庆节", (10, 1), (10, 7), [(9, 20), (10, 10)]),
)


def days():
    for name, first, last, worked in TABLE:
        day, end = date(2026, *first), date(2026, *last)
        while day <= end:
            yield day, "rest", name
            day += timedelta(days=1)
        for each in worked:
            yield date(2026, *each), "work", name


def enter(apps, schema_editor):
    special = apps.get_model("ops", "SpecialDay")
    for day, kind, name in days():
        # What somebody has entered already stays as it is.
        special.objects.get_or_create(day=day, defaults={"kind": kind, "name": name})


def take_out(apps, schema_editor):
    special = apps.get_model("ops", "SpecialDay")
    for day, kind, name in days():
        special.objects.filter(day=day, kind=kind, name=name).delete()


class Migration(migrations.Migration):
    dependencies = [("ops", "0004_special_days")]

    operations = [migrations.RunPython(enter, take_out)]
