"""Dates of feeds and pages: read in many languages and spellings, and never invented."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.dates import Order, When, read

MOMENTS = {
    "2022-11-22T10:30:00+02:00": "2022-11-22T10:30:00+02:00",
    "2022-11-22T10:30:00.123Z": "2022-11-22T10:30:00Z",
    "2022-11-22T10:30Z": "2022-11-22T10:30:00Z",
    "2022-11-22 10:30": "2022-11-22T10:30:00",
    "2022-11-22T10:30:00 +0300": "2022-11-22T10:30:00+03:00",
    "2022-11-22T10:30:00-05": "2022-11-22T10:30:00-05:00",
    "2022/11/22 10:30:05": "2022-11-22T10:30:05",
    "20221122T103000Z": "2022-11-22T10:30:00Z",
    "Tue, 22 Nov 2022 10:00:00 GMT": "2022-11-22T10:00:00Z",
    "Tue, 22 Nov 2022 10:00:00 +0200": "2022-11-22T10:00:00+02:00",
    "Tues,22 Nov 22 10:00:00 EST": "2022-11-22T10:00:00-05:00",
    "22 Nov 2022 10:00:00 -0000": "2022-11-22T10:00:00Z",
    "Tue Nov 22 10:00:00 2022": "2022-11-22T10:00:00",
    "Tue Nov 22 10:00:00 EEST 2022": "2022-11-22T10:00:00+03:00",
    "Tue Nov 22 2022 10:00:00 GMT+0200 (CET)": "2022-11-22T10:00:00+02:00",
    "Nov 22, 2022, 10:30 AM": "2022-11-22T10:30:00",
    "November 22nd, 2022 at 3:05 p.m. EDT": "2022-11-22T15:05:00-04:00",
    "4 May 2022, 12:15 am": "2022-05-04T00:15:00",
    "22.11.2022 10:30 Uhr": "2022-11-22T10:30:00",
    "22 novembre 2022 à 10h30": "2022-11-22T10:30:00",
    "22 мая 2022 г. в 9:05 MSK": "2022-05-22T09:05:00+03:00",
    "الثلاثاء، 22 نوفمبر/تشرين الثاني 2022 - 10:30 م": "2022-11-22T22:30:00",
    "٢٢ نوفمبر ٢٠٢٢ - ٠٩:١٥ ص": "2022-11-22T09:15:00",
    "ה-22 בנובמבר 2022, 14:30": "2022-11-22T14:30:00",
    "2022年11月22日 下午3时20分": "2022-11-22T15:20:00",
    "2022年11月22日（火）午後3時05分": "2022-11-22T15:05:00",
    "2022년 11월 22일 오후 3:20": "2022-11-22T15:20:00",
    "2022. 11. 22. 15:20": "2022-11-22T15:20:00",
}
DAYS = {
    "2022-11-22": "2022-11-22",
    "20221122": "2022-11-22",
    "13/04/2022": "2022-04-13",
    "04/13/2022": "2022-04-13",
    "05/05/2022": "2022-05-05",
    "Posted on 12-Mar-2022": "2022-03-12",
    "22nd of November, 2022": "2022-11-22",
    "٢٢ تشرين الثاني ٢٠٢٢": "2022-11-22",
    "12 كانون الثاني / يناير 2022": "2022-01-12",
    "١٢ فبراير/شباط ٢٠٢٢": "2022-02-12",
    "12 دجنبر 2021": "2021-12-12",
    "5 جويلية 2022": "2022-07-05",
    "28 ربيع الثاني 1444 هـ الموافق 22 نوفمبر 2022 م": "2022-11-22",
    "۲۲ نوامبر ۲۰۲۲": "2022-11-22",
    "22 בנובמבר 2022": "2022-11-22",
    "22 ноября 2022": "2022-11-22",
    "22 Νοεμβρίου 2022": "2022-11-22",
    "3 Μαΐου 2022": "2022-05-03",
    "1er août 2022": "2022-08-01",
    "22. März 2022": "2022-03-22",
    "22 de noviembre de 2022": "2022-11-22",
    "22 dicembre 2022": "2022-12-22",
    "22 de março de 2022": "2022-03-22",
    "22 KASIM 2022 Salı": "2022-11-22",
    "22 września 2022": "2022-09-22",
    "22 ноември 2022": "2022-11-22",
    "22. новембар 2022": "2022-11-22",
    "22 лістапада 2022": "2022-11-22",
    "22 noiembrie 2022": "2022-11-22",
    "2022. november 22.": "2022-11-22",
    "22. listopadu 2022": "2022-11-22",
    "22. decembra 2022": "2022-12-22",
    "22. marraskuuta 2022": "2022-11-22",
    "22. nóvember 2022": "2022-11-22",
    "22. detsember 2022": "2022-12-22",
    "22 augusti 2022": "2022-08-22",
    "22 Desember 2022": "2022-12-22",
    "22 Ogos 2022": "2022-08-22",
    "22 nëntor 2022": "2022-11-22",
    "22 ნოემბერი 2022": "2022-11-22",
    "22 նոյեմբերի 2022": "2022-11-22",
    "2022年11月22日": "2022-11-22",
    "mar 22 nov 2022": "2022-11-22",
}
NOTHING = [
    "03/04/2022",
    "31 Feb 2022",
    "2022-02-30",
    "2022-11-22T25:00:00Z",
    "2022-11-22T10:30:00+25:00",
    "1970-01-01T00:00:00Z",
    "0000-00-00 00:00:00",
    "0001-01-01T00:00:00",
    "1900-01-01",
    "2022-11",
    "November 2022",
    "22 November",
    "yesterday, 10:30",
    "1669100000",
    "۱۴۰۱/۰۹/۰۱",
    "1 آذر 1401",
    "28 ربيع الثاني 1444",
    "12 March 2022 | 13 March 2022",
    "3月22日",
    "",
    "22 Nov 2022" + " " * 150 + "and a long tale that is no date at all, told to the end",
]


@pytest.mark.parametrize(("text", "iso"), (MOMENTS | DAYS).items())
def test_it_reads(text: str, iso: str) -> None:
    assert read(text) == When(iso=iso)


@pytest.mark.parametrize("text", NOTHING)
def test_it_does_not_invent(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("text", "order", "iso"),
    [
        ("03/04/2022", "dmy", "2022-04-03"),
        ("03/04/2022", "mdy", "2022-03-04"),
        ("03/04/2022", "ymd", None),
        ("03/04/2022", None, None),
        ("13/04/2022", "mdy", "2022-04-13"),
        ("٠٣/٠٤/٢٠٢٢", "dmy", "2022-04-03"),
        ("نشر في 03-04-2022 الساعة 10:15", "dmy", "2022-04-03T10:15:00"),
        ("Обновлено 03.04.22", "dmy", "2022-04-03"),
        ("03.04.22", None, None),
        ("22/04/03", "ymd", "2022-04-03"),
        ("31.04.22", "dmy", None),
    ],
)
def test_figures_alone_are_read_in_the_order_of_their_language(text: str, order: Order | None, iso: str | None) -> None:
    when = read(text, order)
    assert (when.iso if when else None) == iso


@given(st.dates(date(1971, 1, 1), date(2099, 1, 1)), st.sampled_from("/.-"))
def test_with_its_order_every_day_in_figures_comes_back(day: date, sign: str) -> None:
    for order, layout in (("dmy", "%d{0}%m{0}%Y"), ("mdy", "%m{0}%d{0}%Y")):
        assert read(day.strftime(layout.format(sign)), order) == When(iso=day.isoformat())


def test_a_zone_that_means_two_things_is_left_out() -> None:
    assert read("Tue, 22 Nov 2022 10:00:00 CST") == When(iso="2022-11-22T10:00:00")


def test_two_times_of_one_day_leave_the_day() -> None:
    assert read("12 March 2022 10:30, updated 12 March 2022 11:40") == When(iso="2022-03-12")


def test_a_day_knows_that_it_has_no_time_and_a_time_that_it_has_no_zone() -> None:
    assert [(w.day, w.timed, w.zoned) for w in (When(iso="2022-03-12"), When(iso="2022-03-12T10:30:00"))] == [
        ("2022-03-12", False, False),
        ("2022-03-12", True, False),
    ]
    assert When(iso="2022-03-12T10:30:00Z").zoned


@given(st.datetimes(datetime(1971, 1, 1), datetime(2099, 1, 1)), st.integers(-14 * 60, 14 * 60))  # noqa: DTZ001
def test_what_a_program_writes_comes_back(when: datetime, minutes: int) -> None:
    zoned = when.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)) if minutes else UTC)
    for text in (zoned.isoformat(), zoned.isoformat(sep=" "), format_datetime(zoned)):
        got = read(text)
        assert got is not None
        assert datetime.fromisoformat(got.iso) == zoned


@given(st.dates(date(1971, 1, 1), date(2099, 1, 1)))
def test_day_first_and_month_first_agree_or_are_not_read(day: date) -> None:
    either = {read(f"{day.day}/{day.month}/{day.year}"), read(f"{day.month}/{day.day}/{day.year}")}
    assert either == ({None} if day.day <= 12 and day.day != day.month else {When(iso=day.isoformat())})


@given(st.text(max_size=220) | st.text("0123456789-/:.,TZ +年月日مصNov{}", max_size=60))
def test_any_text_is_a_real_date_or_none(text: str) -> None:
    got = read(text)
    assert got is None or datetime.fromisoformat(got.iso).year >= 1900


@given(
    st.datetimes(datetime(1900, 1, 2), datetime(2099, 12, 31)),  # noqa: DTZ001 - the zone is written apart
    st.sampled_from(("GMT", "UTC", "+0000", "-0000", "+0530", "-1130", "+1430")),
    st.booleans(),
)
def test_a_feeds_usual_date_means_what_it_means_with_a_word_before_it(at: datetime, zone: str, named: bool) -> None:
    text = at.strftime(f"{'%a, ' if named else ''}%d %b %Y %H:%M:%S {zone}")
    assert read(text) == read(f"on {text}")
