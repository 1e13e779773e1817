"""What months are called where dates are read, and how such names are compared. Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

# Twelve months a line, from January on; `|` between names of one month, `_` within a name of two words. Compared without case,
# accents and dots. Languages share names; where one name means two months (hr listopad: October) the larger one has it.
_MONTH_NAMES: Final = """
january|jan february|feb march|mar april|apr may june|jun july|jul august|aug september|sep|sept october|oct november|nov \
december|dec
يناير|جانفي|كانون_الثاني فبراير|فيفري|شباط مارس|آذار|اذار أبريل|ابريل|إبريل|أفريل|نيسان مايو|ماي|أيار \
يونيو|يونية|جوان|حزيران يوليو|يولية|يوليوز|جويلية|تموز أغسطس|غشت|أوت|آب سبتمبر|شتنبر|أيلول \
أكتوبر|تشرين_الأول|تشرين_أول نوفمبر|نونبر|تشرين_الثاني|تشرين_ثاني \
ديسمبر|دجنبر|كانون_الأول|كانون_أول
ژانویه|جنوری فوریه|فروری مارس|مارچ \
آوریل|اپریل مه|می|مئی ژوئن|جون ژوئیه|جولائی \
اوت|آگوست|اگست سپتامبر|ستمبر اکتبر|اکتوبر نوامبر|نومبر دسامبر|دسمبر
ינואר|ינו פברואר|פבר מרץ|מרס אפריל|אפר מאי יוני|יונ יולי|יול אוגוסט|אוג ספטמבר|ספט אוקטובר|אוק נובמבר|נוב דצמבר|דצמ
января|январь|янв февраля|февраль|фев марта|март|мар апреля|апрель|апр мая|май июня|июнь|июн июля|июль|июл августа|август|авг \
сентября|сентябрь|сен|сент октября|октябрь|окт ноября|ноябрь|ноя|нояб декабря|декабрь|дек
січня|січень лютого|лютий березня|березень квітня|квітень травня|травень червня|червень липня|липень серпня|серпень \
вересня|вересень жовтня|жовтень листопада|листопад грудня|грудень
ιανουαρίου|ιανουάριος|ιαν φεβρουαρίου|φεβρουάριος|φεβ μαρτίου|μάρτιος|μαρ απριλίου|απρίλιος|απρ μαΐου|μάιος|μαι \
ιουνίου|ιούνιος|ιουν ιουλίου|ιούλιος|ιουλ αυγούστου|αύγουστος|αυγ σεπτεμβρίου|σεπτέμβριος|σεπ|σεπτ \
οκτωβρίου|οκτώβριος|οκτ νοεμβρίου|νοέμβριος|νοε|νοεμ δεκεμβρίου|δεκέμβριος|δεκ
janvier|janv février|févr|fév mars avril|avr mai juin juillet|juil août|aoû septembre octobre novembre décembre|déc
januar|jänner|jän februar märz|mrz|mär april mai juni juli august september oktober|okt november dezember|dez
enero|ene febrero marzo abril|abr mayo junio julio agosto|ago septiembre|setiembre|set octubre noviembre diciembre|dic
gennaio|gen febbraio marzo aprile maggio|mag giugno|giu luglio|lug agosto settembre ottobre|ott novembre dicembre
janeiro fevereiro|fev março abril maio|mai junho julho agosto setembro outubro|out novembro dezembro
ocak|oca şubat|şub mart nisan|nis mayıs haziran|haz temmuz|tem ağustos|ağu eylül|eyl ekim|eki kasım|kas aralık|ara
stycznia|styczeń|sty lutego|luty|lut marca|marzec kwietnia|kwiecień|kwi maja|maj czerwca|czerwiec|cze lipca|lipiec|lip \
sierpnia|sierpień|sie września|wrzesień|wrz października|październik|paź listopada|listopad|lis grudnia|grudzień|gru
januari februari maart|mrt april mei juni juli augustus september oktober november december
januari februari mars april maj juni juli augusti september oktober november december
januar februar marts april maj juni juli august september oktober november desember
janúar febrúar mars apríl maí júní júlí ágúst september október nóvember desember
tammikuuta|tammikuu helmikuuta|helmikuu maaliskuuta|maaliskuu huhtikuuta|huhtikuu toukokuuta|toukokuu kesäkuuta|kesäkuu \
heinäkuuta|heinäkuu elokuuta|elokuu syyskuuta|syyskuu lokakuuta|lokakuu marraskuuta|marraskuu joulukuuta|joulukuu
jaanuar veebruar märts aprill mai juuni juuli august september oktoober november detsember
janvāris februāris marts aprīlis maijs jūnijs jūlijs augusts septembris oktobris novembris decembris
január|januára február|februára|febr március|marca|márc április|apríla|ápr május|mája június|júna július|júla \
augusztus|augusta szeptember|septembra|szept október|októbra november|novembra december|decembra
ledna|leden února|únor března|březen dubna|duben května|květen června|červen července|červenec srpna|srpen září \
října|říjen listopadu prosince|prosinec
ianuarie|ian februarie martie aprilie mai iunie|iun iulie|iul august septembrie octombrie noiembrie|noi decembrie
januar|januara februar|februara mart|marta april|aprila maj jun|juna jul|jula avgust|avgusta septembar|septembra \
oktobar|oktobra novembar|novembra decembar|decembra
јануар|јануара|јануари фебруар|фебруара|февруари март|марта април|априла мај|маја јун|јуна|јуни јул|јула|јули \
август|августа септембар|септембра|септември октобар|октобра|октомври новембар|новембра|ноември децембар|децембра|декември
януари февруари март април май юни юли август септември октомври ноември декември
студзеня лютага сакавіка красавіка мая чэрвеня ліпеня жніўня верасня кастрычніка лістапада снежня
janar shkurt mars prill maj qershor korrik gusht shtator tetor nëntor dhjetor
januari februari maret|mac april mei juni|jun juli|julai agustus|ogos september oktober november desember|disember
yanvar fevral mart aprel may iyun iyul avqust|avgust sentyabr oktyabr noyabr dekabr
იანვარი|იანვარს თებერვალი|თებერვალს მარტი|მარტს აპრილი|აპრილს მაისი|მაისს ივნისი|ივნისს ივლისი|ივლისს \
აგვისტო|აგვისტოს სექტემბერი|სექტემბერს ოქტომბერი|ოქტომბერს ნოემბერი|ნოემბერს დეკემბერი|დეკემბერს
հունվարի փետրվարի մարտի ապրիլի մայիսի հունիսի հուլիսի օգոստոսի սեպտեմբերի հոկտեմբերի նոյեմբերի դեկտեմբերի
"""

_LIKE: Final = str.maketrans({"ى": "ي", "ی": "ي", "ک": "ك", "ı": "i", "{": " ", "}": " ", "’": "'", "׳": "'"})


_NOT_ASCII: Final = re.compile(r"[^\0-\x7f]{1,40}")


def fold(text: str) -> str:
    """Lower case, no accents and invisible signs, ASCII digits: «٢٢ كانون الأوّل» and "22 DÉC." become comparable."""
    if not text.isascii():
        text = _NOT_ASCII.sub(lambda found: _plain(found[0]), text)
    text = text.lower()
    return text.translate(_LIKE) if "{" in text or "}" in text else text


# A line has few such runs, and they are the same in many: dashes, «é», names of months.
@lru_cache(maxsize=512)
def _plain(run: str) -> str:
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", run).casefold())
    kept = [c for c in plain if unicodedata.category(c) not in ("Mn", "Cf")]
    return unicodedata.normalize("NFC", "".join([str(unicodedata.decimal(c, c)) for c in kept])).translate(_LIKE)


def _month_table() -> dict[str, str]:
    rows = [line.split() for line in _MONTH_NAMES.replace("\\\n", "").strip().splitlines()]
    return {
        fold(name.replace("_", " ")): f"{number:02}"
        for row in rows
        for number, names in enumerate(row, 1)
        for name in names.split("|")
    }


MONTHS: Final = _month_table()
"""A name as `fold` gives it -> two digits."""
FIRST_OF_TWO: Final = frozenset(name.split()[0] for name in MONTHS if " " in name)
"""Words that are a month's name only with the next one: «كانون الثاني»."""
