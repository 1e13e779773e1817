"""The few words that must be known by heart: labels before names, sources, short links, share bars, related stories.

A line a language family: Arabic, Persian and Urdu, Hebrew, English, German and Dutch, French, Spanish, Italian and Portuguese,
Slavic, Turkish, Greek, Chinese, Japanese, Korean. Texts are compared folded (`fold`): lower case, no accents, one form of alef.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

_SAME: Final = str.maketrans({"ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ı": "i", "ς": "σ", "‘": "'", "’": "'", "ـ": None})


@lru_cache(maxsize=2048)
def fold(text: str) -> str:
    """A text for comparison: no case, accents, invisible signs; blanks folded."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(c for c in plain if unicodedata.category(c) not in ("Mn", "Cf"))
    return " ".join(unicodedata.normalize("NFC", kept).translate(_SAME).split())


def key(text: str) -> str:
    """A text's letters and digits alone: equal for two spellings of one headline."""
    return re.sub(r"[\W_]+", " ", fold(text)).strip()


def _any(*lines: str) -> str:
    """An alternation of the words of all lines (`|` between), longest first."""
    words = {fold(word).replace(" ", r"\s+") for line in lines for word in line.split("|") if word.strip()}
    return "(?:" + "|".join(sorted(words, key=len, reverse=True)) + ")"


_SOURCE: Final = _any(
    "المصدر|مصدر الخبر|المصادر|مصدر|نقلا عن|منقول عن|عن",
    "منبع|منابع|به نقل از|ماخذ",
    "מקור|המקור|מקורות",
    "source|sources|originally published by|originally published in|originally published on|first published by|first published in|via",
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
_SHORT_LINK: Final = _any(
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
_SHARE: Final = _any(
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
_READ_ALSO: Final = _any(
    "اقرأ أيضا|إقرأ أيضا|اقرأ ايضا|اقرا ايضا|اقرأ المزيد|اقرأ كذلك|طالع أيضا|شاهد أيضا|انظر أيضا|مواضيع ذات صلة|أخبار ذات صلة"
    "|موضوعات متعلقة|مقالات ذات صلة|قد يعجبك أيضا|قد يهمك|مواضيع متعلقة|أخبار متعلقة|للمزيد|المزيد من",
    "بیشتر بخوانید|مطالب مرتبط|اخبار مرتبط|همچنین بخوانید|بخوانید|مزید پڑھیں|یہ بھی پڑھیں",
    "קראו גם|קרא גם|כתבות נוספות|כתבות קשורות|עוד בנושא",
    "read also|also read|read more|read next|related|related articles|related stories|related news|related posts|see also"
    "|you may also like|you might also like|more on this|more from|recommended|more stories|don't miss|up next",
    "lesen sie auch|lesen sie mehr|mehr zum thema|mehr dazu|das könnte sie auch interessieren|auch interessant|lees ook|lees meer|meer over",
    "lire aussi|à lire aussi|lisez aussi|sur le même sujet|à lire également|voir aussi|pour aller plus loin",
    "lea también|leer también|lee también|te puede interesar|también te puede interesar|más información|noticias relacionadas"
    "|leggi anche|articoli correlati|leia também|leia mais|veja também|notícias relacionadas",
    "читайте также|читать также|смотрите также|по теме|материалы по теме|ещё по теме|читайте ещё|читайте ранее|читайте також"
    "|czytaj też|czytaj także|czytaj więcej|zobacz też|zobacz także|przeczytaj też|przeczytaj także|polecamy|čtěte také",
    "ayrıca okuyun|ilgili haberler|bunları da okuyun|benzer haberler|ilginizi çekebilir",
    "διαβάστε επίσης|διαβάστε ακόμη|διαβάστε ακόμα|διαβάστε περισσότερα|δείτε επίσης|δείτε ακόμη|σχετικά άρθρα",
    "相关阅读|相关新闻|相关报道|相关文章|延伸阅读|推荐阅读|更多新闻|相關新聞|延伸閱讀|更多報導|点击查看",
    "関連記事|関連ニュース|あわせて読みたい|こちらもおすすめ|おすすめ記事",
    "관련기사|관련 기사|추천기사|함께 보면 좋은 기사|이 기사도",
)
_NETWORK: Final = _any(
    "تيليجرام|تلغرام|تليغرام|تيلجرام|تلجرام|تليجرام|واتساب|واتس اب|فيسبوك|تويتر|إنستغرام|انستجرام|يوتيوب|جوجل نيوز|غوغل نيوز|قناتنا|صفحتنا|النشرة البريدية",
    "تلگرام|واتساپ|اینستاگرام|توییتر|کانال ما",
    "טלגרם|ווטסאפ|וואטסאפ|פייסבוק|אינסטגרם",
    "telegram|whatsapp|facebook|twitter|instagram|youtube|tiktok|linkedin|google news|newsletter|podcast|our channel|our app|bluesky|threads",
    "телеграм|ватсап|вконтакте|дзен|яндекс|одноклассники|фейсбук",
    "微信|微博|公众号|公眾號|客户端|抖音",
    "텔레그램|카카오|네이버|페이스북",
)
_FOLLOW: Final = _any(
    "تابع|تابعوا|تابعونا|تابعنا|للمتابعة|لمتابعة|اشترك|اشتركوا|انضم|انضموا|الانضمام|حمل|لتصلك|للاشتراك",
    "دنبال کنید|بپیوندید|عضو شوید|فالو",
    "עקבו|הצטרפו|הירשמו|לעקוב",
    "follow|join|subscribe|sign up|download|like us|find us|stay updated|get our",
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

_LABEL_END: Final = r"\s*(?:[:：\-–—|/=＝»]|\()\s*"
SOURCE: Final = re.compile(rf"[\W_]*{_SOURCE}(?:{_LABEL_END}|\s*$|\s+(?=(?:https?:|www\.)))", re.IGNORECASE)
"""A line that begins with the word for a source and a colon, a dash or an address; or is that word alone."""
ATTRIBUTION: Final = re.compile(rf"[\W_]*(?:{_SOURCE})\b", re.IGNORECASE)
SHORT_LINK: Final = re.compile(rf"[\W_]*{_SHORT_LINK}\b", re.IGNORECASE)
SHARE: Final = re.compile(
    rf"[\W_]*{_SHARE}(?:\b[\W_]*|\s*[:：].*|\s+(?:{_NETWORK}|on|via|with|by|auf|sur|en|su|no|в|w|na|عبر|على|در|ב).{{0,40}})$"
)
READ_ALSO: Final = re.compile(rf"[\W_]*{_READ_ALSO}(?:\s*[:：\-–—|»>…].*|[\W_]*)$")
READ_ALSO_COLON: Final = re.compile(rf"[\W_]*{_READ_ALSO}\s*[:：|»>]")
NETWORK: Final = re.compile(rf"\b{_NETWORK}|{_NETWORK}\b")
FOLLOW: Final = re.compile(rf"(?:^|\W){_FOLLOW}")

# What a site says of itself and its work. A paragraph at the end that touches three of these speaks for the site, not the story.
VOICE: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:^|\W)"
        + _any(
            "موقع|الموقع|موقعنا|بموقع|لموقع|الموقع الإلكتروني|صحيفة|الصحيفة|بوابة|منصة|شبكتنا|للموقع|والموقع|سایت|پایگاه خبری|وب سایت|אתר|האתר|באתר",
            "website|this site|our site|our portal|portal|this page|webseite|diese seite|site web|ce site|este sitio|sitio web|questo sito|"
            "sito web|este site|nosso site|сайт|портал|witryn|serwis|strony internetowej|web sitesi|sitemiz|ιστοσελίδα|ιστότοπο",
            "本站|本网|本網|网站|網站|本報|当サイト|本サイト|사이트|홈페이지",
        ),
        r"(?:^|\W)"
        + _any(
            "التحرير|المحرر|المحررين|فريقنا|فريق العمل|هيئة التحرير|رئيس التحرير|تحریریه|המערכת|מערכת האתר",
            "editor|editors|editorial|newsroom|our team|redaktion|rédaction|redacción|redazione|redação|редакци|redakcj|editör|συντακτικ|συντάκτ",
            "编辑|編輯|编者|編集部|편집|기자단",
        ),
        r"(?:^|\W)"
        + _any(
            "الخبر|هذا الخبر|المقال|هذا المقال|المحتوى|الموضوع|تفاصيل|المادة|المنشور|الحدث|مطلب|این خبر|محتوا|הכתבה|הידיעה|התוכן|המאמר",
            "this article|the article|this story|this news|the content|this content|content|this post|this report|diesen artikel|dieser artikel"
            "|der artikel|inhalt|cet article|l'article|contenu|este artículo|esta noticia|el contenido|questo articolo|contenuti|este artigo|esta matéria"
            "|conteúdo|стать|материал|новост|artykuł|treś|bu haber|haberin|içerik|άρθρο|περιεχόμεν",
            "本文|文章|内容|內容|稿件|本稿|この記事|記事|기사|콘텐츠|저작물",
        ),
        r"(?:^|\W)\w{0,3}"
        + _any(
            "مصدر|مصدره|المصدر|مصادر|نقل|نقله|النقل|منقول|اقتباس|الاقتباس|شبكات إخبارية|وكالات|مترجم|منبع|نقل از|מקור|מקורו",
            "source|sources|syndicated|republish|reprint|aggregat|originally published|translated|generated|wire|quelle|agentur|übernommen"
            "|automatisch|traduit|repris|agence|fuente|agencia|reproduc|fonte|agenzi|agência|источник|перепечат|перевод|źródł|przedruk"
            "|kaynak|alıntı|πηγή|αναδημοσίευσ|μετάφρασ",
            "来源|轉載|转载|摘自|引用|転載|配信|출처|전재|무단",
        ),
        r"(?:^|\W)\w{0,3}"
        + _any(
            "مسؤول عن|مسؤولية|المسؤولية|لا تعبر|لا يعبر|تعبر عن|وجهة نظر|حقوق|صحة الخبر|صحة المعلومات|دقة|التأكد|التحري|الملكية الفكرية|مسئولیت|حقوق|אחריות|זכויות",
            "responsib|liab|the views|views expressed|opinions expressed|rights reserved|copyright|disclaimer|accuracy|verified|verify|fact-check"
            "|haftung|verantwort|urheberrecht|gewähr|responsab|droits|derechos|diritti|direitos|opiniones|opinioni|opiniões"
            "|ответственност|прав|мнени|odpowiedzialnoś|praw|sorumlu|hakkı|ευθύν|δικαιώμ",
            "责任|責任|版权|版權|观点|觀點|立场|核实|侵权|著作権|免責|책임|저작권|금지",
        ),
        r"(?:^|\W)"
        + _any(
            "نود|ونود|نأمل|نامل|ونأمل|شاكرين|نشكر|نشكركم|شكرا لكم|شكرا لك|تفهمكم|يمكنك|يمكنكم|عزيزي القارئ|القراء|ننوه|تنويه|يرجى|نرجو|نعتذر|زوارنا|لكم|לידיעתכם|אנא|נשמח|תודה|גולשים|خوانندگان|لطفا|سپاس",
            "thank you|thanks for|please note|please contact|please|we hope|we would like|dear reader|readers|you can|you may|your understanding"
            "|hinweis|bitte|wir danken|vielen dank|leser|merci|veuillez|lecteurs|nous remercions|gracias|por favor|lectores|le rogamos|agradecemos"
            "|grazie|lettori|si prega|obrigado|leitores|благодар|просим|пожалуйста|читател|уважаемые|dziękujemy|prosimy|czytelni|teşekkür|lütfen|okur"
            "|ευχαριστούμε|παρακαλούμε|αναγνώστ",
            "感谢|感謝|请联系|請聯繫|敬请|读者|讀者|网友|谢谢|ください|お願い|読者|ありがとう|감사합니다|바랍니다|문의|독자",
        ),
    )
)

SECTIONS: Final = frozenset(
    fold(word)
    for word in (
        "أخبار|اخبار|الأخبار|سياسة|سياسي|رياضة|رياضي|اقتصاد|اقتصادي|ثقافة|ثقافي|فن|فنون|منوعات|محليات|محلي|محلية|عربي|عربية|دولي|دولية|دوليات|عالم"
        "|العالم|مال|أعمال|تكنولوجيا|تقنية|صحة|مجتمع|رأي|آراء|مقالات|حوادث|تقارير|تحقيقات|علوم|تعليم|سياحة|مشاهير|عاجل|الرئيسية"
        "|سیاسی|ورزشی|اقتصادی|فرهنگی|اجتماعی|بین‌الملل|جهان|ایران|خبر|دانش|سلامت|جامعه|ورزش|اقتصاد|فرهنگ"
        "|חדשות|ספורט|כלכלה|תרבות|פוליטיקה|דעות|בריאות|עולם|בארץ|בעולם|טכנולוגיה|צרכנות"
        "|news|politics|world|sport|sports|business|economy|culture|opinion|technology|tech|health|science|local|national|international|entertainment"
        "|lifestyle|travel|education|environment|media|society|crime|weather|markets|finance|arts|video|features|analysis"
        "|nachrichten|politik|wirtschaft|welt|kultur|wissen|panorama|meinung|gesellschaft|regional|ausland|inland|lokales|gesundheit|technik|netzwelt"
        "|actualités|politique|monde|économie|société|culture|sports|santé|opinions|international|france|sciences"
        "|noticias|política|mundo|economía|deportes|cultura|opinión|sociedad|internacional|nacional|salud|ciencia|tecnología"
        "|notizie|cronaca|esteri|economia|cultura|opinioni|salute|scienza|mondo|notícias|esportes|desporto|saúde|brasil|cotidiano"
        "|новости|политика|экономика|спорт|культура|общество|мир|в мире|наука|мнения|происшествия|россия|технологии|здоровье"
        "|wiadomości|polityka|świat|gospodarka|sport|kultura|kraj|nauka|opinie|społeczeństwo|zdrowie|biznes|polska"
        "|haber|haberler|gündem|dünya|ekonomi|spor|kültür|siyaset|yaşam|sağlık|teknoloji|eğitim|magazin"
        "|ειδήσεις|πολιτική|κόσμος|οικονομία|αθλητικά|πολιτισμός|κοινωνία|υγεία|επιστήμη|ελλάδα|διεθνή|απόψεις"
        "|新闻|时政|国际|国内|体育|财经|经济|社会|文化|科技|娱乐|评论|教育|军事|健康|新聞|國際|政治|體育|財經"
        "|ニュース|国際|スポーツ|経済|文化|社会|政治|科学|暮らし|地域|オピニオン"
        "|뉴스|정치|경제|사회|국제|문화|스포츠|연예|세계|오피니언|과학|건강"
    ).split("|")
)
"""Names of a newspaper's sections."""
