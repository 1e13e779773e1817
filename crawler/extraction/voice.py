"""The site's own voice: what a site says of itself, its editors, its sources, its duties, to its readers.

A paragraph at the end of a text that touches several of these speaks for the site and not in the story. Words are looked for
folded, at the beginnings of words; Arabic and Hebrew may have "and", "in", "the" before them.
"""

from __future__ import annotations

from typing import Final

from crawler.extraction.words import Words

_SITE: Final = Words(
    "موقع|الموقع|موقعنا|بموقع|لموقع|الموقع الإلكتروني|صحيفة|الصحيفة|بوابة|منصة|شبكتنا|للموقع|والموقع|سایت|پایگاه خبری"
    "|وب سایت|אתר|האתר|באתר",
    "website|this site|our site|our portal|portal|this page|webseite|diese seite|site web|ce site|este sitio|sitio web"
    "|questo sito",
    "sito web|este site|nosso site|сайт|портал|witryn|serwis|strony internetowej|web sitesi|sitemiz|ιστοσελίδα|ιστότοπο",
    "本站|本网|本網|网站|網站|本報|当サイト|本サイト|사이트|홈페이지",
    slack=3,
)
_EDITORS: Final = Words(
    "التحرير|المحرر|المحررين|فريقنا|فريق العمل|هيئة التحرير|رئيس التحرير|تحریریه|המערכת|מערכת האתר",
    "editor|editors|editorial|newsroom|our team|redaktion|rédaction|redacción|redazione|redação|редакци|redakcj|editör"
    "|συντακτικ|συντάκτ",
    "编辑|編輯|编者|編集部|편집|기자단",
    slack=3,
)
_STORY: Final = Words(
    "الخبر|هذا الخبر|المقال|هذا المقال|المحتوى|الموضوع|تفاصيل|المادة|المنشور|الحدث|مطلب|این خبر|محتوا|הכתבה|הידיעה|התוכן|המאמר",
    "this article|the article|this story|this news|the content|this content|content|this post|this report|diesen artikel"
    "|dieser artikel",
    "der artikel|inhalt|cet article|l'article|contenu|este artículo|esta noticia|el contenido|questo articolo|contenuti"
    "|este artigo|esta matéria",
    "conteúdo|стать|материал|новост|artykuł|treś|bu haber|haberin|içerik|άρθρο|περιεχόμεν",
    "本文|文章|内容|內容|稿件|本稿|この記事|記事|기사|콘텐츠|저작물",
    "التعليقات|دیدگاه‌ها|نظرات کاربران|התגובות|comments|kommentare|commentaires|comentarios|commenti|comentários|комментари"
    "|komentarze|yorumlar|σχόλια|评论|評論|留言|コメント|댓글",
    slack=3,
)
_ORIGIN: Final = Words(
    "مصدر|مصدره|المصدر|مصادر|نقل|نقله|النقل|منقول|اقتباس|الاقتباس|شبكات إخبارية|وكالات|مترجم|منبع|نقل از|מקור|מקורו",
    "source|sources|syndicated|republish|reprint|aggregat|originally published|translated|generated|wire|quelle|agentur"
    "|übernommen",
    "automatisch|traduit|repris|agence|fuente|agencia|reproduc|fonte|agenzi|agência|источник|перепечат|перевод|źródł|przedruk",
    "kaynak|alıntı|πηγή|αναδημοσίευσ|μετάφρασ",
    "来源|轉載|转载|摘自|引用|転載|配信|출처|전재|무단",
    slack=3,
)
_DUTY: Final = Words(
    "مسؤول عن|مسؤولية|المسؤولية|لا تعبر|لا يعبر|تعبر عن|وجهة نظر|حقوق|صحة الخبر|صحة المعلومات|دقة|التأكد|التحري"
    "|الملكية الفكرية|مسئولیت|حقوق|אחריות|אחראי|אחראית|זכויות",
    "responsib|liab|the views|views expressed|opinions expressed|rights reserved|copyright|disclaimer|accuracy|verified"
    "|verify|fact-check",
    "haftung|verantwort|urheberrecht|gewähr|responsab|droits|derechos|diritti|direitos|opiniones|opinioni|opiniões",
    "ответственност|прав|мнени|odpowiedzialnoś|praw|sorumlu|hakkı|ευθύν|δικαιώμ",
    "责任|責任|版权|版權|观点|觀點|立场|核实|侵权|著作権|免責|책임|저작권|금지",
    "إرشادات الاستخدام|شروط الاستخدام|إرشادات النشر|شروط النشر|قوانین سایت|תנאי השימוש|כללי השיח|terms of use|terms of service"
    "|community guidelines|comment policy|house rules|netiquette|nutzungsbedingungen|conditions d'utilisation|charte de"
    "|condiciones de uso|normas de|condizioni d'uso|termos de uso|правила|regulamin|kullanım koşulları|όροι χρήσης|使用条款"
    "|利用規約|이용약관",
    slack=3,
)
_READER: Final = Words(
    "نود|ونود|نأمل|نامل|ونأمل|شاكرين|نشكر|نشكركم|شكرا لكم|شكرا لك|تفهمكم|يمكنك|يمكنكم|عزيزي القارئ|القراء|ننوه|تنويه|يرجى"
    "|نرجو|نعتذر|زوارنا|لكم|לידיעתכם|אנא|נשמח|תודה|גולשים|خوانندگان|لطفا|سپاس",
    "thank you|thanks for|please note|please contact|please|we hope|we would like|dear reader|readers|you can|you may"
    "|ننصحك|مشاركاتك|مشاركاتكم|تعليقك|تعليقاتكم|نظر خود|دیدگاه خود|תגובתך|תגובתכם",
    "your understanding|your comment|ihr kommentar|ihre kommentare|votre commentaire|tu comentario|su comentario"
    "|il tuo commento|seu comentário|ваш комментарий|twój komentarz|yorumunuz|您的评论|您的留言",
    "hinweis|bitte|wir danken|vielen dank|leser|merci|veuillez|lecteurs|nous remercions|gracias|por favor|lectores"
    "|le rogamos|agradecemos",
    "grazie|lettori|si prega|obrigado|leitores|благодар|просим|пожалуйста|читател|уважаемые|dziękujemy|prosimy|czytelni"
    "|teşekkür|lütfen|okur",
    "ευχαριστούμε|παρακαλούμε|αναγνώστ",
    "感谢|感謝|请联系|請聯繫|敬请|读者|讀者|网友|谢谢|ください|お願い|読者|ありがとう|감사합니다|바랍니다|문의|독자",
    slack=3,
)
_STRONG: Final = Words(
    "كانت هذه تفاصيل|هذه كانت تفاصيل|نكون قد وفقنا|نكون قد قدمنا|المعني بصحة الخبر|تم اقتباسه|تم نقله بالكامل|"
    "العهدة على المصدر",
    "auto-generated|automatically generated|not been edited by|generated automatically",
    "لا تعبر عن رأي|لا يعبر عن رأي|لا تعبر بالضرورة|لا يعبر بالضرورة|تعبر عن رأي كاتبها|تعبر عن وجهة نظر|جميع الحقوق محفوظة",
    "necessarily reflect|do not reflect|all rights reserved|views expressed|opinions expressed|sole responsibility"
    "|alle rechte vorbehalten|"
    "tous droits réservés|derechos reservados|diritti riservati|direitos reservados|все права защищены"
    "|не несет ответственности"
    "|wszelkie prawa zastrzeżone|tüm hakları saklıdır|版权所有|禁止转载|不代表本|無断転載|무단 전재",
    slack=0,
)
_SIGNS: Final = _SITE + _EDITORS + _READER + _STRONG
"""Without one of them no paragraph speaks for a site: most lack all, and to look once takes a third of looking four times."""
_LETTERS_A_KIND: Final = 130
"""In a disclaimer every other clause is one; a long paragraph may well touch three of these and be a story."""


def may(folded: str) -> bool:
    """Whether a text has a word of a site, its editors or to the reader: `speaks` and `addresses` are false of all others."""
    return _SIGNS.within(folded)


def speaks(folded: str, *, named: bool, more: bool, quoting: bool) -> bool:
    """Whether a text says who is speaking, a site or its editors, and speaks of its work: three things in all.

    `named`: the site's own name stands in it, too. `more`: a source line or the like follows, and two are enough. `quoting`:
    somebody is quoted, and only a stock phrase will do.
    """
    strong = _STRONG.within(folded)
    if quoting and not strong:
        return False
    who = _SITE.within(folded) + _EDITORS.within(folded) + named + strong
    if not who:
        return False
    to_whom = _READER.within(folded) + _DUTY.within(folded) + strong
    if not to_whom and not more:
        return False
    what = _STORY.within(folded) + _ORIGIN.within(folded)
    enough = max(2 if more else 3, len(folded) / _LETTERS_A_KIND)
    return bool(to_whom or what) and who + to_whom + what >= enough


def addresses(folded: str) -> bool:
    """Whether a text speaks to the reader."""
    return _READER.within(folded)
