"""A page whose signs were encoded twice says what its writer wrote."""

from __future__ import annotations

import pytest

from crawler.extraction import extract, twice

SENTENCES = {
    "en": "The mayor said “it’s done” on Tuesday – after two years of work, and three million spent on the market hall.",
    "fr": "« C’est fait », a dit la maire mardi – après deux ans de travaux, et trois millions dépensés pour la halle à côté.",
    "ru": "«Всё готово», — сказала мэр во вторник: два года работы, и три миллиона ушло на новый рынок у реки…",
    "zh": "市长周二说：“市场已经建好了。”两年的工程，花费三百万，市场就在河边，每天早上六点开门。",
}


def page(*lines: str) -> str:
    body = "".join(f"<p>{line}</p>" for line in lines)
    return f"<html><head><title>{lines[0][:30]}</title></head><body><article>{body}</article></body></html>"


def doubled(text: str) -> bytes:
    return text.encode().decode("latin-1").encode()


@pytest.mark.parametrize("language", SENTENCES)
def test_a_page_encoded_twice_is_read_as_if_it_were_once(language: str) -> None:
    plain = page(*[SENTENCES[language]] * 4)
    assert extract(doubled(plain)).paragraphs == extract(plain.encode()).paragraphs
    assert extract(doubled(plain)).title == extract(plain.encode()).title


def test_the_record_tells_that_it_was_encoded_twice() -> None:
    plain = page(*[SENTENCES["en"]] * 4)
    assert extract(doubled(plain)).found_in["charset"] == "twice"
    assert extract(plain.encode()).found_in["charset"] == "bytes"


def test_a_paragraph_encoded_twice_among_others_is_decoded_and_they_stay() -> None:
    whole = page(SENTENCES["fr"], SENTENCES["ru"]).encode() + b"<p>" + doubled(SENTENCES["en"]) + b"</p>"
    assert twice.once(whole) == page(SENTENCES["fr"], SENTENCES["ru"]) + f"<p>{SENTENCES['en']}</p>"


@pytest.mark.parametrize("text", ["été »", "voilà « là »", "Â", "SÃO", "ð", "12 °C, ± 3", "Ø »", "naïve"])
def test_letters_that_only_look_so_stay_as_they_are(text: str) -> None:
    quote = doubled("’").decode()
    assert twice.once(f"{text}{quote} 中 {text}".encode()) == f"{text}’ 中 {text}"


def test_signs_that_were_encoded_once_are_no_sign_of_it() -> None:
    assert not any(map(twice.is_seen, SENTENCES.values()))
    assert all(twice.is_seen(doubled(text).decode()) for text in SENTENCES.values() if "“" in text or "’" in text)
