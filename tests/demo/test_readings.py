"""The demo's numbers beside those that its stand-in for WeChat tells."""

import datetime as dt

import pytest
import time_machine

from articles.models import AccountMetric, AccountReading
from demo import readings
from demo.fake_wechat.readers import followers_at

NOW = dt.datetime.fromisoformat("2026-11-24T09:00:00+08:00")


@pytest.mark.django_db
@time_machine.travel(NOW, tick=False)
def test_followers_go_on_where_the_stand_in_takes_over():
    assert readings.load_followers() == 60
    days = AccountReading.objects.filter(metric=AccountMetric.FOLLOWERS).values_list("day", "value")
    assert {day: int(value) for day, value in days} == {
        day: followers_at(day)
        for day in (NOW.date() - dt.timedelta(days=back) for back in range(1, 61))
    }
