"""The few words that must be known by heart: labels of sources, short links, share bars, related stories; names of sections.

A line a language family: Arabic, Persian and Urdu, Hebrew, English, German and Dutch, French, Spanish, Italian and Portuguese,
Slavic, Turkish, Greek, Chinese, Japanese, Korean. All are compared folded (`words.fold`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from crawler.extraction.words import Words, fold, key, listed, numbered, pattern, together

_SOURCE: Final = pattern(
    "المصدر|مصدر الخبر|المصادر|مصدر|نقلا عن|منقول عن|عن",
    "منبع|منابع|به نقل از|ماخذ",
    "מקור|המקור|מקורות",
    "source|sources|originally published by|originally published in|originally published on|first published by"
    "|first published in|via",
    "quelle|quellen|bron|kilde|kilder|källa",
    "source de l'article",
    "fuente|fuentes|fonte|fonti|fontes|font",
    "источник|источники|по материалам|джерело|źródło|źródła|zdroj|izvor|източник",
    "kaynak|kaynaklar",
    "πηγή|πηγές",
    "来源|來源|信息来源|文章来源|稿件来源|消息来源|稿源|转自|轉載自|转载自",
    "出典|ソース|情報源|配信元|提供元",
    "출처|자료",
)

_SHORT_LINK: Final = pattern(
    "رابط مختصر|الرابط المختصر|رابط قصير|الرابط القصير|رابط الخبر|رابط المقال|رابط دائم",
    "لینک کوتاه|لینک کوتاه خبر|لینک خبر|کد خبر",
    "קישור מקוצר|קישור קצר|קישור קבוע",
    "short link|shortlink|short url|shorturl|permalink|copy link|copy url",
    "kurzlink|kurz-url|korte link",
    "lien court|lien permanent|copier le lien",
    "enlace corto|url corta|copiar enlace|link breve|link curto|copia link|copiar link",
    "короткая ссылка|постоянная ссылка|скопировать ссылку|krótki link|skopiuj link",
    "kısa link|kısa bağlantı|linki kopyala",
    "σύντομος σύνδεσμος|αντιγραφή συνδέσμου",
    "短链接|短網址|短网址|本文链接|本文網址|原文链接|原文鏈接|永久链接",
    "短縮url|この記事のurl",
    "단축 url|짧은 주소|기사주소|url 복사",
)

_SHARE: Final = pattern(
    "شارك|شاركها|مشاركة|شارك الخبر|شارك هذا الموضوع|شارك المقال|انشر|طباعة|انسخ الرابط|مشاركة عبر|شارك على",
    "اشتراک گذاری|به اشتراک بگذارید|اشتراک‌گذاری",
    "שתפו|שתף|שיתוף",
    "share|share this|share this article|share this story|share on|tweet|print|email this",
    "teilen|artikel teilen|drucken|delen",
    "partager|partager l'article|imprimer",
    "compartir|comparte|imprimir|condividi|stampa|compartilhe|compartilhar|partilhar",
    "поделиться|распечатать|поделиться новостью|udostępnij|podziel się|drukuj|sdílet",
    "paylaş|yazdır",
    "κοινοποίηση|κοινοποιήστε|εκτύπωση",
    "分享|分享到|分享至|打印|转发",
    "シェア|シェアする|共有",
    "공유|공유하기|인쇄",
)

_READ_ALSO: Final = pattern(
    "اقرأ أيضا|إقرأ أيضا|اقرأ ايضا|اقرا ايضا|اقرأ المزيد|اقرأ كذلك|طالع أيضا|شاهد أيضا|انظر أيضا|مواضيع ذات صلة"
    "|أخبار ذات صلة"
    "|موضوعات متعلقة|مقالات ذات صلة|قد يعجبك أيضا|قد يهمك|مواضيع متعلقة|أخبار متعلقة|للمزيد|المزيد من",
    "بیشتر بخوانید|مطالب مرتبط|اخبار مرتبط|همچنین بخوانید|بخوانید|مزید پڑھیں|یہ بھی پڑھیں",
    "קראו גם|קרא גם|כתבות נוספות|כתבות קשורות|עוד בנושא",
    "read also|also read|read more|read next|related|related articles|related stories|related news|related posts|see also"
    "|you may also like|you might also like|more on this|more from|recommended|more stories|don't miss|up next",
    "lesen sie auch|lesen sie mehr|mehr zum thema|mehr dazu|das könnte sie auch interessieren|auch interessant|lees ook"
    "|lees meer|meer over",
    "lire aussi|à lire aussi|lisez aussi|sur le même sujet|à lire également|voir aussi|pour aller plus loin",
    "lea también|leer también|lee también|te puede interesar|también te puede interesar|más información"
    "|noticias relacionadas"
    "|leggi anche|articoli correlati|leia também|leia mais|veja também|notícias relacionadas",
    "читайте также|читать также|смотрите также|по теме|материалы по теме|ещё по теме|читайте ещё|читайте ранее"
    "|читайте також"
    "|czytaj też|czytaj także|czytaj więcej|zobacz też|zobacz także|przeczytaj też|przeczytaj także|polecamy|čtěte také",
    "ayrıca okuyun|ilgili haberler|bunları da okuyun|benzer haberler|ilginizi çekebilir",
    "διαβάστε επίσης|διαβάστε ακόμη|διαβάστε ακόμα|διαβάστε περισσότερα|δείτε επίσης|δείτε ακόμη|σχετικά άρθρα",
    "相关阅读|相关新闻|相关报道|相关文章|延伸阅读|推荐阅读|更多新闻|相關新聞|延伸閱讀|更多報導|点击查看",
    "関連記事|関連ニュース|あわせて読みたい|こちらもおすすめ|おすすめ記事",
    "관련기사|관련 기사|추천기사|함께 보면 좋은 기사|이 기사도",
)

_ADVERT: Final = pattern(
    "إعلان|إعلانات|آگهی|تبلیغات|פרסומת|advertisement|advertisements|advertisment|article continues below advertisement",
    "story continues below advertisement|continue reading below|scroll to continue|ad feedback|anzeige|werbung|advertentie",
    "reclame|annonse|annons|reklame|mainos|publicité|publicidad|publicidade|pubblicità|реклама|на правах рекламы|reklama",
    "reklam|διαφήμιση|广告|廣告|広告|スポンサーリンク|광고",
)

NETWORK: Final = Words(
    "تيليجرام|تلغرام|تليغرام|تيلجرام|تلجرام|تليجرام|واتساب|واتس اب|فيسبوك|تويتر|إنستغرام|انستجرام|يوتيوب|جوجل نيوز"
    "|غوغل نيوز|قناتنا|صفحتنا|النشرة البريدية",
    "تلگرام|واتساپ|اینستاگرام|توییتر|کانال ما",
    "טלגרם|ווטסאפ|וואטסאפ|פייסבוק|אינסטגרם",
    "telegram|whatsapp|facebook|twitter|instagram|youtube|tiktok|linkedin|google news|newsletter|podcast|our channel"
    "|our app|bluesky|threads",
    "телеграм|ватсап|вконтакте|дзен|яндекс|одноклассники|фейсбук",
    "微信|微博|公众号|公眾號|客户端|抖音",
    "텔레그램|카카오|네이버|페이스북",
    slack=3,
)

_FOLLOW: Final = Words(
    "تابع|تابعوا|تابعونا|تابعنا|للمتابعة|لمتابعة|اشترك|اشتركوا|انضم|انضموا|الانضمام|حمل|لتصلك|للاشتراك",
    "دنبال کنید|بپیوندید|عضو شوید|فالو",
    "עקבו|הצטרפו|הירשמו|לעקוב",
    "follow us|follow our|follow me|join us|join our|subscribe to our|sign up for our|download our|download the app|like us"
    "|find us|stay updated|get our",
    "folgen|folgt|abonnieren|abonnieren|anmelden|volg|schrijf",
    "suivez|suivre|rejoignez|abonnez|inscrivez|téléchargez",
    "síguenos|sigue|suscríbete|suscribirse|únete|descarga|seguici|segui|iscriviti|siga|inscreva|assine|acompanhe|receba",
    "подпис|присоединяйтесь|следите|читайте нас|obserwuj|śledź|dołącz|zapisz się|polub|sledujte",
    "takip|abone|katıl",
    "ακολουθήστε|εγγραφείτε|ακολουθηστε",
    "关注|關注|扫码|掃碼|下载|订阅|訂閱",
    "フォロー|登録",
    "팔로우|구독|추가하세요",
)

_READ_ON: Final = pattern(
    "تابع القراءة|أكمل القراءة|اكمل القراءة|قراءة المزيد|اقرأ المزيد|لقراءة المقال كاملا|ادامه مطلب|ادامه خبر"
    "|مزید پڑھیں|המשך קריאה|להמשך קריאה|לכתבה המלאה",
    "continue reading|read more|read on|keep reading|read the full story|read the full article|to continue reading|weiterlesen"
    "|lesen sie weiter|lees verder|läs mer|les mer|læs mere|lue lisää|lire la suite|lire plus|poursuivre la lecture",
    "seguir leyendo|leer más|sigue leyendo|continuar leyendo|continua a leggere|leggi tutto|leggi di più|continue lendo"
    "|ler mais|leia mais|citește mai mult|czytaj dalej|číst dál|pokračovat ve čtení|devamını oku|devamı|tovább olvasom",
    "читать далее|читать дальше|читать полностью|читати далі|прочети още|διαβάστε περισσότερα|συνέχεια|პაგრძელება|გაგრძელება"
    "|और पढ़ें|আরও পড়ুন|อ่านต่อ|baca selengkapnya|xem thêm|đọc tiếp",
    "阅读全文|閱讀全文|查看全文|展开全文|続きを読む|この記事は有料会員限定|더보기|전문 보기|계속 읽기",
)
"""Words on which a text goes on elsewhere; compiled from the buttons of news sites in these languages."""

_TAGS: Final = pattern(
    "كلمات مفتاحية|كلمات دلالية|الكلمات المفتاحية|الوسوم|وسوم|الأوسمة|برچسب|برچسب ها|برچسب‌ها|تگ ها|تگ|תגיות|תגים",
    "tags|tag|keywords|filed under|topics|posted in|categories|category|schlagwörter|themen|mots-clés|mots clés|etiquetas"
    "|temas|tópicos|argomenti",
    "теги|метки|тема|tagi|štítky|etiketler|ετικέτες|标签|標籤|关键词|關鍵字|タグ|태그",
)
_RIGHTS: Final = pattern(
    "جميع الحقوق|حقوق النشر|حقوق الطبع|تمامی حقوق|כל הזכויות",
    "copyright|all rights reserved|alle rechte|tous droits|todos los derechos|tutti i diritti|todos os direitos|все права"
    "|wszelkie prawa"
    "|tüm hakları|版权|版權|著作権|저작권",
)
_NOTICE: Final = pattern(
    "إخلاء مسؤولية|إخلاء المسؤولية|سلب مسئولیت|הבהרה משפטית",
    "disclaimer|legal notice|copyright notice|haftungsausschluss|rechtlicher hinweis|rechtliche hinweise|mentions légales",
    "aviso legal|aviso jurídico|descargo de responsabilidad|note legali|отказ от ответственности|nota prawna|yasal uyarı",
    "αποποίηση ευθύνης|版权声明|版權聲明|免责声明|免責聲明|免责条款|免責條款|郑重声明|鄭重聲明|特别声明|特別聲明",
    "法律声明|法律聲明|侵权公告|侵权声明|侵權聲明|版权公告|免責事項|면책 조항|법적 고지|저작권 안내",
)
SECTIONS: Final = frozenset(
    listed(
        "أخبار|اخبار|الأخبار|سياسة|سياسي|رياضة|رياضي|اقتصاد|اقتصادي|ثقافة|ثقافي|فن|فنون|منوعات|محليات|محلي|محلية|عربي"
        "|عربية|دولي|دولية|دوليات|عالم",
        "العالم|مال|أعمال|تكنولوجيا|تقنية|صحة|مجتمع|رأي|آراء|مقالات|حوادث|تقارير|تحقيقات|علوم|تعليم|سياحة|مشاهير|عاجل|الرئيسية",
        "سیاسی|ورزشی|اقتصادی|فرهنگی|اجتماعی|بین‌الملل|جهان|ایران|خبر|دانش|سلامت|جامعه|ورزش|اقتصاد|فرهنگ",
        "חדשות|ספורט|כלכלה|תרבות|פוליטיקה|דעות|בריאות|עולם|בארץ|בעולם|טכנולוגיה|צרכנות",
        "news|politics|world|sport|sports|business|economy|culture|opinion|technology|tech|health|science|local|national"
        "|international|entertainment",
        "lifestyle|travel|education|environment|media|society|crime|weather|markets|finance|arts|video|features|analysis",
        "nachrichten|politik|wirtschaft|welt|kultur|wissen|panorama|meinung|gesellschaft|regional|ausland|inland|lokales"
        "|gesundheit|technik|netzwelt",
        "actualités|politique|monde|économie|société|culture|sports|santé|opinions|international|france|sciences",
        "noticias|política|mundo|economía|deportes|cultura|opinión|sociedad|internacional|nacional|salud|ciencia|tecnología",
        "notizie|cronaca|esteri|economia|cultura|opinioni|salute|scienza|mondo|notícias|esportes|desporto|saúde|brasil"
        "|cotidiano",
        "новости|политика|экономика|спорт|культура|общество|мир|в мире|наука|мнения|происшествия|россия|технологии|здоровье",
        "wiadomości|polityka|świat|gospodarka|sport|kultura|kraj|nauka|opinie|społeczeństwo|zdrowie|biznes|polska",
        "haber|haberler|gündem|dünya|ekonomi|spor|kültür|siyaset|yaşam|sağlık|teknoloji|eğitim|magazin",
        "ειδήσεις|πολιτική|κόσμος|οικονομία|αθλητικά|πολιτισμός|κοινωνία|υγεία|επιστήμη|ελλάδα|διεθνή|απόψεις",
        "新闻|时政|国际|国内|体育|财经|经济|社会|文化|科技|娱乐|评论|教育|军事|健康|新聞|國際|政治|體育|財經",
        "ニュース|国際|スポーツ|経済|文化|社会|政治|科学|暮らし|地域|オピニオン",
        "뉴스|정치|경제|사회|국제|문화|스포츠|연예|세계|오피니언|과학|건강",
    )
)
"""Names of a newspaper's sections."""

_HOME_NAMES: Final = (
    "home|homepage|start|startseite|accueil|inicio|portada|início|home page|главная|главная страница|strona główna|αρχική"
    "|ana sayfa|anasayfa|الرئيسية|الصفحة الرئيسية|خانه|صفحه اصلی|صفحه نخست|ראשי|דף הבית|עמוד הבית|首页|首頁"
    "|ホーム|トップ|top|홈"
    "|hem|hjem|forside|domů|home news"
)
HOME: Final = frozenset(key(word) for word in _HOME_NAMES.split("|"))
"""What sites call their front page, as `words.key` has it."""

CALL: Final = 40
"""Letters in which a call to follow begins."""
_ORDER: Final = re.compile(r"[\W_]{0,3}(?:please )?(?:follow|join|subscribe|sign up|download)\b")
"""As first words of a line; within a line they are news: "users can now download their messages"."""
_LABEL_END: Final = r"\s*(?:[:：\-–—|/=＝»]|\()\s*"

SOURCE: Final = re.compile(rf"[\W_]*{_SOURCE}(?:{_LABEL_END}|\s*$|\s+(?=(?:https?:|www\.)))")
"""A line that begins with a word for a source and a colon, a dash or an address; or is that word alone."""
SHORT_LINK: Final = re.compile(rf"[\W_]*{_SHORT_LINK}\b")
SHARE: Final = re.compile(
    rf"[\W_]*{_SHARE}(?:\b[\W_]*|\s*[:：].*|\s+(?:on|via|with|by|auf|sur|en|su|no|в|w|na|عبر|علي|در|ב|facebook|twitter|x|whatsapp).{{0,40}})$"
)
READ_ALSO: Final = re.compile(rf"[\W_]*{_READ_ALSO}(?:\s*[:：\-–—|»>…].*|[\W_]*)$")
READ_ALSO_COLON: Final = re.compile(rf"[\W_]*{_READ_ALSO}\s*[:：|»>]")
ADVERT: Final = re.compile(rf"[\W_]*{_ADVERT}[\W_]*$")
READ_ON: Final = re.compile(rf"[\W_]*{_READ_ON}[\W_]*$")
_INSERTED: Final = re.compile(rf"\0[\W_]*({_READ_ALSO}|{_SHARE}|{_SHORT_LINK}|{_ADVERT})")
"""How each line begins that one of these four finds, of lines with a zero before each: no line of most texts does."""
_SOURCED: Final = re.compile(rf"\0[\W_]*({_SOURCE})")
TAGS: Final = re.compile(rf"[\W_]*{_TAGS}\s*[:：]?(?:\s|$)")
RIGHTS: Final = re.compile(rf"[\W_]*(?:©|\(c\)|{_RIGHTS})")
NOTICE: Final = re.compile(rf"(?:.{{0,16}}?{_NOTICE}|[\W_]*[声聲]明)[\W_]*$")
"""A line that says nothing but that a notice on rights or liability follows; whose it is may stand before."""


def inserted(lines: Sequence[str]) -> set[int]:
    """The numbers of those short lines that may be labels or call to follow something; of most texts none is."""
    whole = "\0" + together(lines)
    calling = [n for n, line in enumerate(lines) if calls(fold(line))] if NETWORK.within(whole) else ()
    return {*_begun(_INSERTED, whole), *calling}


def sourced(lines: Sequence[str]) -> list[int]:
    """The numbers of those lines that begin with a word for a source, and may be what `SOURCE` finds."""
    return _begun(_SOURCED, "\0" + together(lines))


def _begun(pattern: re.Pattern[str], whole: str) -> list[int]:
    """The numbers of the lines that begin so, of lines with a zero before each."""
    return [number - 1 for number in numbered([found.start(1) for found in pattern.finditer(whole)], whole, "\0")]


def calls(folded: str) -> bool:
    """Whether a short text calls to follow a channel: the name of a network and a word like "follow" at its beginning."""
    return NETWORK.within(folded) and (_FOLLOW.within(folded[:CALL]) or _ORDER.match(folded) is not None)
