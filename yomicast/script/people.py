"""Who a noun phrase names: 慶應義塾大学の神保謙教授 → 神保謙; 日本自動車工業会の関係者 stays as it is."""

from __future__ import annotations

import re

from yomicast.patterns import expression

HONORIFIC = r"(?:さん|さま|様|氏|くん|君|ちゃん|先生|殿|夫妻|議員|容疑者|被告|選手|監督|棋士|アナウンサー|アナ)"
TITLE = (
    r"(?:(?:名誉|客員|特任|特別|上席|上級|主任|主席|首席|専任|常務|専務|代表|副|前|元|現|筆頭|最高|総|執行|共同|統括|チーフ|シニア|"
    r"エグゼクティブ|ゼネラル|プロダクト|プロジェクト|マーケティング|営業|広報|人事|技術|開発|編集|企画|事業|商品|店舗|農林水産|経済産業|厚生労働|国土交通|"
    r"文部科学|総務|法務|外務|財務|環境|防衛|デジタル|復興|内閣|官房|経済再生|一等|事務)?"
    r"(?:教授|准教授|助教|講師|学長|総長|学部長|研究員|研究者|主任研究員|所長|室長|課長|係長|部長|次長|局長|本部長|支部長|支店長|店長|館長|園長|院長|"
    r"校長|教頭|教諭|教育長|(?:検査|点検|保線|車両|運転|作業|技術|建設|工事|設計|観測|調査|通信|整備|警備|調理|栽培|飼育|製造|販売|業務|庶務|会計|管理|施設|救急|航海|機関|甲板|衛生|看護|教務|学務|生産|工務|電気|土木|保守|当直|支社|分団|自治会|町内会|実行委員|選管委員)長|(?:検査|点検|保線|整備|警備|観測|調査|飼育|通信|乗務|操縦|指導|普及|推進|相談|調停)員|工場長|駅長|船長|機長|艇長|塾長|寮長|班長|科長|師長|座長|会頭|場長|園主|料理長|支配人|宮司|大将|[初二三四五六七八九]段|社長|会長|理事長|理事|専務|常務|取締役|代表取締役|代表取締役社長|取締役社長|執行役員|役員|代表|代表理事|代表社員|頭取|総裁|長官|大臣|首相|外相|"
    r"財務相|経産相|厚労相|防衛相|農相|法相|文科相|国交相|環境相|総務相|官房長官|大統領|国務長官|報道官|知事|市長|区長|町長|村長|議長|委員長|委員|幹事長|党首|"
    r"書記長|政調会長|総務会長|事務局長|事務次官|審議官|参事官|主席|書記|国王|皇帝|司令官|弁護士|税理士|医師|看護師|薬剤師|保育士|管理栄養士|栄養士|建築士|獣医師|"
    r"気象予報士|司書|学芸員|記者|編集長|編集者|作家|画家|歌手|俳優|女優|監督|コーチ|主将|主査|主幹|主事|主任|杜氏|棟梁|住職|女将|店主|農家|漁師|職人|"
    r"アナリスト|エコノミスト|ストラテジスト|ジャーナリスト|ライター|デザイナー|エンジニア|プログラマー|ディレクター|プロデューサー|マネージャー|マネジャー|"
    r"リーダー|オーナー|シェフ|パティシエ|コンサルタント|アドバイザー|カウンセラー|インストラクター|ファシリテーター|コーディネーター|キュレーター|"
    r"CEO|CTO|COO|CFO|CMO|CIO|CPO|CHRO|VP|最高経営責任者|最高技術責任者|最高執行責任者|責任者|担当者|担当|担当部長|担当課長|担当マネージャー|相談役|顧問|参与|隊長|組合長|"
    r"博士|牧師|神父|騎手|棋士|名人|横綱|親方|親善大使|大使|公使|領事|検事|判事|裁判長|巡査|警部|警部補|署長|消防長|団長)){1,4}"
)
KIN = r"(?:(?:お)?(?:じい|ばあ|爺|婆)(?:さま|様)|(?:お|(?<![一-鿿々]))(?:じい|ばあ|母|父|兄|姉|爺|婆)(?:さん|ちゃん)|お(?:じ|ば|っ|にい|ねえ)ちゃん|お(?:にい|ねえ|とう|かあ)さん|お(?:じ|ば|嫁|婿|子|隣|医者|坊|巡り)さん|奥さん|(?:皆|みな|みんな)さん|お客(?:さん|さま|様))"
ROLE = expression(
    rf"(?:{KIN}|一同|有志|[0-9０-９一二三四五六七八九十数]+人(?:組|連れ)?|夫婦|(?:親子|家族)連れ|親子|カップル|キャプテン|曽祖父|曽祖母|若い衆|師範|師範代|名代|庵主|老僧|僧|猟師|木こり|樵|船員|水夫|乗組員|隊員|班員|部員|会員|塾生|院生|研修生|見習い|下宿人|住人|売り子|(?:案内|世話|聞き|進行|相談|まとめ|指南|教育|語り|付き添い|見張り|引率|相手|[父母兄姉]親|取りまとめ)役|仲居|板前|給仕|家元|世話役|幹事|発起人|(?<![一-鿿])師|(?<=の)子|アシスタント|ロボット|ボット|AI|小坊主|坊主|丁稚|手代|女中|書生|徒弟|門弟|門下生|[鷹刀宗名巨]匠|転校生|留学生|新入生|上級生|下級生|同窓生|受験生|石工|[一-鿿][一-鿿]工|飛脚|馬子|馬方|車夫|人夫|坑夫|農夫|門番|(?<!声の)(?<!紙の)(?<!話の)(?<=の)主|[宿船家庵亭園牧窯場荷]主|侍|浪人|百姓|庄屋|名主|代官|奉行|家老|殿様|力士|行司|修行僧|巡礼|山伏|居候|長老|最長老|古老|先々代|先祖|司会者?|進行|聞き手|質問者|[一-鿿](?<![前後両筆])者|[一-鿿](?<![成身波特延増全体最助冗悠伸細年])長|番人|管理人|世話人|案内人|仲買人|料理人|職人頭|船頭|庭師|渡し守|湯守|灯台守|蔵人|三助|番台|大工|左官|とび|鳶|運転手|車掌|駅員|係|案内係|語り手|弟子|兄弟子|妹弟子|神主|住職|和尚|坊さん|尼|板長|親方|棟梁|頭|組頭|班長|係長|課長|部長|主将|隣のおばさん|[一-鿿]屋|配達の人|[一-鿿]の人|(?<![一-鿿])[一-鿿]{{1,2}}い人|[一-鿿ァ-ヺー]の方|[二三四五六七八九十]代目|初代|俳優|女優|歌手|落語家|小説家|作家|画家|弁護人|先代|当主|主人|予報士|[一-鿿](?:士|師|員|官|医)|(?:歌|選|投|捕|騎|助|運転|聞き|作り|書き|読み|担い|話し|売り|買い|乗り|使い|送り|受け)手|[一-鿿][一-鿿](?<![国民武旧商生実借空貸町])家|噺家|書家|容疑者|被告|捜査員|消防団員|組合員|新人|ベテラン|創業者|発起人|仕掛け人|"
    r"[助収]役|出納役|探偵|執事|刑事|[画古]商|骨董商|[一-鿿]商人|商人|花[嫁婿]|新[婦郎]|未亡人|令嬢|夫人|淑女|王[子女]|女王|国王|姫君|魔女|泥棒|盗賊|海賊|被疑者|囚人|看守|門衛|警官|羊飼い|杣人|巫女|禰宜|神官|司祭|修道女|尼僧|僧侶|小僧|旦那|奥方|女房|隠居|新卒|古参|移住者|団員|窯焚き|炭焼き|紙漉き|議員団?|関係者|担当者|担当|研究員|研究者|研究チーム|チーム|男性|女性|男児|女児|少年|少女|男の子|女の子|子ども|子供|児童|生徒|学生|大学生|高校生|中学生|小学生|園児|会社員|"
    r"主婦|主夫|長女|次女|三女|長男|次男|三男|末っ子|孫|孫娘|甥|姪|叔父|叔母|伯父|伯母|両親|義母|義父|いとこ|従[兄弟姉妹]{1,2}|はとこ|姑|舅|嫁|婿|曽?曾?祖[父母]|祖父母|大家|亭主|親父|おやじ|おかみ|あるじ|マスター|(?:おば|おじ|おっ|おばあ|おじい|ばあ|じい)ちゃん|(?<=[うくぐすつぬぶむるた])方|弟子|師匠|番頭|大将|母親|父親|母|父|祖母|祖父|夫|妻|娘|息子|姉|兄|妹|弟|夫婦|家族|保護者|遺族|住民|市民|町民|村民|区民|県民|利用者|参加者|来場者|来館者|客|観光客|買い物客|"
    r"乗客|常連客|読者|視聴者|ユーザー|職員|社員|従業員|スタッフ|店員|店主|農家|漁師|職人|広報|広報部|広報担当|広報室|報道官|代表者|幹部|首脳|高官|当局者|専門家|識者|有識者|"
    r"アナリスト|エコノミスト|記者|弁護士|医師|看護師|教員|教諭|先生|講師|ボランティア|メンバー|リーダー|経営者|オーナー|事業者|業者|役員|委員|議員|選手|監督|コーチ|友人|知人|同僚|同期|同級生|旧友|親友|幼なじみ|幼馴染み?|相棒|教え子|前任|後任|常連|古株|若手|"
    r"上司|部下|先輩|後輩|仲間|隣人|一人|ひとり|1人|人|者|筆者|私|僕|俺|わたし|ぼく|われわれ|私たち|彼|彼女|本人|同氏|氏|当人|女将|紳士|[薬花魚飴炭豆油酒薪茶菜芋竹塩紙傘針本]売り|旅人|行商|老?婦人|老女|老爺|老婆|作者|著者|老人|青年|若者|男|女|"
    r"(?:担当|係|受付|地元|近所|年配|役場|隣)の方|[米英仏独中韓露]紙|地元紙|同紙|団長|隊長|組合長|社長|会長|店長|館長|園長|院長|校長|所長|市長|町長|村長|区長|知事|首相|大統領|大臣|長官|教授|准教授|代表|理事長)$"
)
ORGANISATION = expression(
    r"(?<!場内)(?<!館内)(?<!構内)(?<!車内)(?<!校内)(?<!船内)(?<!機内)(?:会社|社|省|庁|局|(?<!日)課|署|部|室|院|校|園|館|店|組合|協会|連合会|連盟|連合|機構|機関|財団|法人|団体|委員会|審議会|協議会|研究所|センター|大学|学会|学部|政府|当局|内閣|"
    r"工業|産業|製作所|製薬|電機|重工|建設|不動産|商事|物産|酒造|醸造|印刷|商店|本舗|運輸|航空|電力|水産|農園|工房|工務店|劇団|楽団|旅館|ホテル|労組|"
    r"市|町|村|区|県|府|都|道|国|党|会|軍|警|裁|行|銀行|新聞|通信|テレビ|放送|出版|書店|病院|学校|ネットワーク|フォーラム|ユニオン|プロジェクト|事務所|本部|支部|事務局|実行委|実行委員会|白書|社説|警察|消防|公社|公団|ホールディングス|グループ|"
    r"チーム|クラブ|ラボ|側|Inc\.?|Corp\.?|Ltd\.?|[A-Z]{2,6}|窓口|保健所|気象台|サポート|コールセンター|Google|Apple|Microsoft|Amazon|Meta|OpenAI)$"
)
PRONOUN = expression(
    rf"^(?:彼|彼女|同氏|氏|本人|当人|同(?:{TITLE}|監督|選手|議員|先生)|教授|社長|館長|店長|代表|市長|町長|知事|首相)$"
)
KANJI_NAME = expression(r"^[一-鿿々]{3,5}$|^[一-鿿々]{1,3}[\s　][一-鿿々ぁ-んァ-ヶー]{1,5}$")
PLAIN_NAME = expression(
    r"^(?:[一-鿿々]{1,3}[\s　][一-鿿々ぁ-んァ-ヶー]{1,5}|[ァ-ヺー]{2,}(?:[・=＝][ァ-ヺー]{1,})+|[A-Z][\w.'’\-]+(?:\s[A-Z][\w.'’\-]*)+)$"
)
FOREIGN = expression(r"^[一-鿿]{2,8}(?P<name>[ァ-ヺー]{2,}(?:[・=＝][ァ-ヺー]{2,})+)$")
"""哲学者ルネ・デカルト."""
TITLED_AND_NAMED = expression(
    rf"^.*{TITLE}[\s　・](?:CEO|COO|CTO|CFO)?[\s　]?[一-鿿々ァ-ヺー]{{1,4}}[\s　]?[一-鿿々ぁ-んァ-ヺー]{{1,6}}$"
)
OLD_NAME = r"お(?!かげ|まえ|たく|やつ|わり|かず|やじ|かん|もて|よそ|おむね|せち|でん|はぎ|むつ|つり|ごと|のれ|のお|とな|おい|そら|ろか|とこ|すし|ちゃ|いら|れら|ばば|うち)[ぁ-ん]{2}"
"""おいち, おはる: women of old, in kana."""
BARE_NAME = expression(
    rf"^(?:{OLD_NAME}|[一-鿿々](?:[ノヶケ](?=[一-鿿]))?[一-鿿々]{{0,4}}[ァ-ヺー]{{0,8}}|[ァ-ヺー]{{2,10}}|[ァ-ヺー・＝=]{{2,20}}|[A-Z][A-Za-z.'\-]{{1,20}}|[一-鿿]{{1,3}}[ぁ-ん]{{1,3}})$"
)
THING = expression(
    r"(?:日課|[品帳簿箱朱史]|口伝|答弁|手記|形見|道具|荷物|財布|眼鏡|部屋|机|仏壇|遺影|病室|枕元|着物|上着|鞄|帽子|習慣|趣味|仕事|役目|楽しみ|自慢|癖|音|光|風|影|匂い|香り|雨|雪|波|煙|割|割合|件|日|年|月|時|回|度|間|上|中|下|内|外|前|後|点|面|的|性|化|率|額|数|量|法|案|策|論|文|語|字|書|本|紙|曲|歌|話|声|言|題|例|式|型|費|税|際|側面|結果|内容|理由|目的|背景|課題|制度|計画|議論|意見|記事|作品|番組|映画|"
    r"言葉|中心|一方|今回|今後|最近|当時|現在|将来|最初|最後|全体|多く|大半|一部|場合|状況|問題|方法|手順|調査|明かり|灯り|灯|会議|会談|会見|事業|政策|機能|技術|製品|商品|サービス|システム|データ|テーマ|ポイント|タイトル|メッセージ|"
    r"解説|説明|感想|質問|疑問|助言|忠告|指摘|主張|提案|持論|結論|予想|見解|見立て|後ろ|手前|向こう|背後|頭上|足元|足もと|[一-鿿]さ|(?<![一-鿿])[青赤白黒]|"
    r"名|次|差|写真|評判|人気|経験|[見考言在仕]方|無線|電話|絵|句|詩|記述|記載|特徴|文言|文句|一節|答え|返事|返信|書き込み|返答|回答|条|章|項|節|規則|規約|条例|法律|憲法|キャッチコピー|スローガン|コンセプト|プロジェクト|イベント|アンケート|ニュース|サイト|アプリ|ソフト|コード|エラー|声援|歓声|拍手|悲鳴|会場|客席|場内|現場|各地|店内|館内|室内|街|町中|ネット|世間|周囲|放送|アナウンス|封筒|反応|記録|報告|冊|枚|巻|通|匹|分析|判断|合図|温度|気温|水温|値段|料金|効果|影響|変化|不足|増加|減少|成功|失敗|計|器|機|極めつけ|とどめ|[一-鿿](?:り|け|め|し|き)|看板|[貼張]り紙|チラシ|ポスター|メール|手紙|投稿|字幕|画面|表示|掲示|標語|札|[のたるな]よう|これ|それ|どれ|ここ|そこ|こと|もの|ため|ほう|とき|ところ|ます|ません|です|[てでっ])$"
)
SURNAME = expression(
    r"^(?:[山松橋坂岡宮藤杉森岩倉谷西川竹榎根塚福熊秋榊柴勝関仲吉梅梨石沢瀬武角幸桑池湯篠楠磯米城梶楢柏檜植鶴滝島津冨富宇久嶋早]本|[井村川坂尾田野三池最石山浦江淵渕溝]上|"
    r"[山木松竹森日坂宮岩金樫柳大杉橋滝]下|[田山竹野畑浜島谷弘]中|[竹山堀宮庄河谷木大武垣陣坪川池坂寺島森横藤矢]内|[本風赤草佐野福岩浅相笠久飯門当入]間|佐久間|[瀬芦椎蛯桑浜榛仙川山]名|"
    r"[望大香秋若高葉美菜皐咲優奈]月|[肥藤]後|[国末吉重宗友福則]光|[難阿美]波|[荒葛]巻|[花琴綾天朱詩]音|[俊孝貴隆直康利広宏浩雅弘博]文|[隆敏俊康孝]章|"
    r"[健浩英賢栄源茂正憲謙誠庄銀辰虎寅兼]次)$"
)
"""Names that end as things do: 橋本, 田中, 竹内, 美波, 源次."""
BODY = expression(
    r"^(?:[旗幟幕布板箱袋瓶皿針刃棒糸縄網扉壁床窓戸門靴傘鍵鐘笛船舟車橋坂道岩砂氷雲]|目|瞳|視線|口|唇|舌|喉|手|指|足|脚|膝|腕|肩|首|胸|腹|腰|背|背中|頭|顔|額|頬|耳|鼻|心|体|身体|息|涙)$"
)
"""Subjects of 目が合うと and 手が止まると: they open a sentence about speech and never speak."""
PARENS = expression(r"[（(][^（()）]*[)）]|(?<=[んー氏)）])＝[^＝]{1,14}＝")
LEAD = expression(
    r"^(?:電話口の|(?:電話|受話器|画面)(?:の向こう|越し)の|(?:今は)?亡き|故・|(?:これ|それ)には|[^、。]{1,20}に(?:対し(?:て)?|関して|ついて)[、]?|一方で?|ところが|けれども?|だけど|なのに|そこへ?で?|とはいえ|そのうち|かたや|それでも|でも|また|さらに|しかし|ただし?|だが|そして|そこで|それに対し(?:て)?|これに対し(?:て)?|これについて|これを受け(?:て)?|このほか|なお|特に|例えば|たとえば|まず|次に|最後に|"
    r"実際に?|すると|その後|(?:その|この|あの|ある)(?:とき|時|日|夜|朝|晩|頃|ころ|年)|今回|同じく|対して|ちなみに|もっとも|その|この|ある|同席した|取材に応じた)"
)
CLAUSE = expression(
    r"^.*[一-鿿ぁ-ん][ぁ-ん]?(?:[たるいうすくつぶむぐぬ]|(?<=[んい])だ|という)(?=[一-鿿ァ-ヺA-Z0-9０-９『])"
)


WHO_DID = expression(r"^.*[一-鿿ぁ-ん][ぁ-ん]?(?:[たる]|という)(?=[一-鿿ァ-ヺA-Z])")
"""The clause before a name: 監督を務めた安曇ケイト."""


GIVEN_AS_VERB = expression(
    r"[一-鿿々](?:みちる|しげる|ひかる|まもる|めぐる|さとる|とおる|みのる|わたる|すぐる|たける|まさる|みつる|のぼる|かおる|"
    r"ちづる|すばる|しずる|いたる|ゆずる|みづる|はる|なる|るる|すすむ|いさむ|つとむ|おさむ|のぞむ|あゆむ|めぐむ|はぐむ|たもつ|"
    r"けい|れい|めい|ゆい|まい|あおい|せい|るい|らい|かい|りく|たく|さく|しずく|まなぶ|しのぶ)$"
)
"""Given names that end as verbs and adjectives do: 久保田みちる代表 is no 代表."""


def _clause(phrase: str) -> int:
    """Where the clause ends that stands before whoever is meant: 監督を務めた|安曇ケイト; 0 without one."""
    cut = CLAUSE.match(phrase)
    if cut and GIVEN_AS_VERB.search(cut[0]):
        cut = CLAUSE.match(phrase[: cut.end() - 1])
    if cut is None:
        return 0
    rest = phrase[cut.end() :]
    alone = (
        WHO_DID.match(phrase) and BARE_NAME.match(rest) and not (_is_thing(rest) or BODY.match(rest) or rest in ANYBODY)
    )
    return cut.end() if len(rest) >= 2 or ROLE.search(rest) or alone else 0


def _is_thing(word: str) -> bool:
    return bool(THING.search(word)) and not SURNAME.match(word)


def is_speaker(phrase: str) -> bool:
    """Whether a noun phrase can be someone who speaks: a person by title or role, or an organisation."""
    bare = re.sub(r"(?<=[一-鿿])(?:ら|たち)$|(?<=ども|とな)たち$", "", PARENS.sub("", phrase).strip())
    return bool(
        re.search(rf"(?:{HONORIFIC}|{TITLE})(?:ら|たち|側)?$", bare)
        or ROLE.search(bare)
        or ORGANISATION.search(bare)
        or PLAIN_NAME.match(bare.rsplit("の", 1)[-1])
        or FOREIGN.match(bare.rsplit("の", 1)[-1])
        or TITLED_AND_NAMED.match(bare)
        or has_post(bare)
    )


def is_named(line: str) -> bool:
    """Whether a line is nothing but a person with name and post: 開発部長　高瀬由紀."""
    bare = PARENS.sub("", line).strip(" 　■◆●・<>＜＞")
    return bool(re.search(rf"{HONORIFIC}$", bare) or TITLED_AND_NAMED.match(bare) or PLAIN_NAME.match(bare))


def has_post(phrase: str) -> bool:
    """A post, a dot and a name: 写真家・伊吹透."""
    found = POST.match(phrase)
    return found is not None and is_own_name(phrase[found.end() :])


def is_own_name(name: str) -> bool:
    """Family and given name in one, as Japanese is written: 堂本昭一, 月島レン."""
    shaped = re.match(r"^[一-鿿々][一-鿿々ぁ-んァ-ヶー\s　]{2,7}$", name)
    return bool(shaped) and not (
        re.search(r"(?:[一-鿿]|さん)の[一-鿿]|[一-鿿][でにをはが]$", name) or _is_role(name) or _is_body(name)
    )


def could_speak(phrase: str) -> bool:
    """Whether a phrase that nothing marks as a speaker can be one, beside a verb of speech: a bare name."""
    bare = re.sub(r"^(?:.*の)?故[・\s　](?=[一-鿿ァ-ヺ])", "", PARENS.sub("", phrase).strip())
    cut = WHO_DID.match(bare)
    words = _after_post(bare[cut.end() :] if cut else bare)
    if re.search(r"[一-鿿ァ-ヺ][とにでをへや]$", words):
        return False
    ends = {
        re.split(pattern, words)[-1]
        for pattern in (r"[の\s　]", r"(?<=[^ぁ-ん])の|[\s　]", r"(?<=[一-鿿ァ-ヺ])で(?=[一-鿿ァ-ヺ])")
    }  # 江波戸みのる has a の
    return any(BARE_NAME.match(last) and not _is_thing(last) and not BODY.match(last) for last in ends)


def is_person(phrase: str) -> bool:
    """Named with a title or an honorific."""
    bare = PARENS.sub("", phrase).strip()
    return bool(re.search(rf"(?:{HONORIFIC}|{TITLE})$", bare)) and not PRONOUN.match(bare)


ANYBODY = frozenset(
    {"君", "きみ", "あなた", "あんた", "誰", "誰か", "誰も", "だれ", "だれか", "人", "人々", "者", "方", "声", "ひと"}
)
"""Nobody in particular: 「…」と言う人もいた."""


def is_full_name(name: str) -> bool:
    """Family and given name, Japanese or foreign."""
    return is_own_name(name) or bool(PLAIN_NAME.match(name))


STAND_INS = frozenset({"私", "僕", "俺", "わたし", "ぼく", "筆者", "彼", "彼女"})
"""Words for somebody whom the text names elsewhere."""


HONOURED_ALONE = expression(r"^(?:先生|師匠|親方|大将|監督|住職|女将)$")
"""先生の答え: somebody called by nothing but what everybody calls him."""


def is_human(phrase: str) -> bool:
    """A person by title, honorific or role: no body of people, and nobody who stands for another."""
    bare = PARENS.sub("", phrase).strip()
    found = ROLE.search(bare)
    role = found is not None and found[0] not in ANYBODY and found[0] not in STAND_INS
    return (is_person(bare) or role) and not (PRONOUN.match(bare) or is_pronoun(bare))


CALLED_WITH = expression(rf"(?:[\s　]?[一-鿿々ぁ-んァ-ヺー]{{1,4}}?)?(?:{HONORIFIC}|{TITLE})")
"""The rest of a name, and a title or honorific."""
FAMILY = expression(r"(?<![一-鿿々ァ-ヺー])[一-鿿々]{1,3}$")
"""What stands before a given name."""
CALLED_AS = expression(r"(?:(?:[一-鿿ァ-ヺーA-Za-z]{1,8})の|[一-鿿]{1,4}・)$")
"""A role before a name."""


def in_full(name: str, near: str, text: str) -> str:
    """The longest way in which `text` calls a person (民生委員の熊坂さん, 樋爪トミさん); a role only in `near`."""
    if _is_role(name) or is_speaker(name):
        calls = _calls(re.escape(name), near, re.compile("(?:さん)?"))
    else:
        spaced = r"[\s　]?".join(map(re.escape, re.sub(r"[\s　]", "", name)))
        calls = _calls(spaced, text, CALLED_WITH) or [*_calls(spaced, near, re.compile("")), *_given(spaced, text)]
    return max(calls, key=len, default=name)


def _given(name: str, text: str) -> list[str]:
    """Family and given name where the text gives both: 初代の蔵田弥一は."""
    return (
        re.findall(rf"(?<=[、，・の　 ])[一-鿿々]{{1,3}}{name}(?=[はがもにをへと、。（(])", text)
        if len(name) > 1
        else []
    )


def _calls(name: str, text: str, tail: re.Pattern[str]) -> list[str]:
    """Each place where `name` stands with `tail`, and what stands before it: 店長の."""
    calls = []
    for found in re.finditer(name, text):
        if called := tail.match(text, found.end()):
            lead = CALLED_AS.search(text, max(0, found.start() - 10), found.start())
            lead = lead or (FAMILY.search(text[: found.start()]) if re.search(f"{HONORIFIC}$", called[0]) else None)
            calls.append((lead[0] if lead else "") + found[0] + called[0])
    return calls


IN_PLACE = expression(r"[一-鿿](?:に|と|は|には|では?|を|へ|だ|です)$")
"""帳面に: a thing and its particle, and no name."""


def by_role(phrase: str) -> str:
    """The bare name that a role stands before: 従兄の航平; empty when there is none."""
    parts = phrase.rsplit("の", 1)
    named = len(parts) > 1 and BARE_NAME.match(parts[1]) and not (_is_thing(parts[1]) or IN_PLACE.search(parts[1]))
    role = ROLE.search(parts[0])
    return parts[1] if named and role and role[0] not in STAND_INS else ""


def own_or_role(phrase: str) -> str:
    """A person's own name, else the bare role: 通学の高校生 → 高校生."""
    called = name(phrase)
    role = ROLE.search(called)
    return role[0] if role and not is_person(phrase) else called


def is_pronoun(who: str) -> bool:
    """Whether it stands for a person named before: 彼女, 同氏, 同教授."""
    return bool(re.match(r"^(?:彼女?|同.+|氏|本人|当人)$", who) or THAT_ONE.fullmatch(who))


COMPOUND = expression(r"(?<=[男女])の(?=子)|(?<=身)の(?=上|回)")
"""の inside one word."""


def name(phrase: str) -> str:
    """The shortest name that identifies the speaker: a person's own name without title, else the phrase."""
    return _name(COMPOUND.sub("\0", phrase)).replace("\0", "の")


KIN_AGED = expression(
    r"^(?:[小中大]学[0-9０-９一二三四五六]?年?生|高校[0-9０-９一二三]?年?生|幼稚園児|保育園児|社会人)の"
    r"(?=(?:娘|息子|孫|長女|次女|三女|長男|次男|三男|妹|弟|姉|兄|甥|姪)(?:さん|たち)?$)"
)
"""中学生の娘: what school she goes to, and not whose she is."""


AT_HOME = expression(r"(?<=[一-鿿ァ-ヺーん])の(?:家|うち|自宅|実家|部屋|ところ|もと|携帯|枕元)$")
"""Where somebody is called: 祖母の家."""
PEN_NAME = expression(
    r"^(?:.*[のは])?(?:ペンネーム|ラジオネーム|ハンドルネーム|ハンドル名|筆名|匿名希望の|PN|ＰＮ|RN|ＲＮ|HN)[\s　・:：]*(?=.)"
)


OURS = expression(
    r"^(?:うち|わが家|我が家|私|わたし|僕|ぼく|俺|当時|現在|例|くだん|当|[^、。の]{0,6}[0-9０-９一二三四五六七八九十数]+(?:日|年|週間?|か月|ヶ月)前)の(?=[^ぁ-ん]|お)(?!子$)"
)
"""うちの祖父, 当時の会長: whose or when, as seen by whoever tells it."""


THAT_ONE = expression(r"(?:[そこあ]の(?:方|人|子|男性|女性)|ご?(?:本人|当人))$")
"""その方, ご本人: somebody of whom the text has just told."""


YOUNG = expression(r"(?<![一-鿿])[一-鿿]{1,2}い人$")
"""隣町から来たという若い人: an adjective is part of what somebody is called."""
MYSELF_AT_THE_END = expression(r"(?<=[たるい])(?:私|僕|俺|わたし|ぼく)$")
"""六年生だったわたし."""


def _name(phrase: str) -> str:
    if that := THAT_ONE.search(phrase) or YOUNG.search(phrase):
        return that[0]
    if mine := MYSELF_AT_THE_END.search(phrase):
        return mine[0]
    phrase = AT_HOME.sub("", phrase)
    phrase = PEN_NAME.sub("", KIN_AGED.sub("", OURS.sub("", phrase)))
    bare = re.sub(r"から(?:の[^の]+)?$", "", PARENS.sub("", phrase).strip(" 　、,「」—―─–・▽△▼▲◇◆■●○◎@＠"))
    bare = re.sub(r"(?:^|(?<=の))故[・\s　](?=[一-鿿ァ-ヺ])", "", bare)
    bare = re.sub(r"(?<=たち|さん)に$", "", LEAD.sub("", bare).strip(" 　、,") or bare)
    bare = _without_place(bare)
    object_ = re.match(r"^.*[をにではがて](?=[一-鿿ァ-ヺA-Z])", bare)
    rest = bare[object_.end() :] if object_ else ""
    if object_ and (
        is_person(rest)
        or (object_[0][-1] in "でてに" and not re.match("[一二三四五六七八九十\\d]", rest) and is_human(rest))
        or (object_[0].endswith("は") and is_speaker(rest))
        or PRONOUN.match(rest)
        or (re.search("[日朝夜晩年月頃時春夏秋冬]に$", object_[0]) and is_human(rest))
    ):
        bare = rest  # その問いに堂本さん
    bare = bare.removeprefix("の")
    bare = bare[_clause(bare) :].lstrip("の") if _clause(bare) else bare
    if PRONOUN.match(bare) or re.search(r"の方$", bare):
        return bare
    bare = re.sub(
        r"^(?P<who>.*(?:さん|氏|博士|教授|先生))ら(?:の|による)(?:研究|調査|開発)?(?:チーム|グループ|班)$",
        r"\g<who>",
        bare,
    )
    own = _own_name(bare)
    if own:
        return own
    if kin := re.search(rf"(?:^|(?<=[一-鿿ァ-ヺ])の|[るたうくすむぶつぐ])(?P<who>{KIN})$", bare):
        return bare if "の" in kin[0][:1] or kin.start("who") == 0 else kin["who"]
    if re.search(rf"{KIN}$", bare):
        return bare
    plain = re.sub(r"(?:さん|さま|様|氏|くん|ちゃん|殿)$", "", bare)
    parts = re.split(r"(?<=[^ぁ-ん])の", plain)
    if len(parts) > 1 and BARE_NAME.match(parts[-1]) and not ROLE.search(parts[-1]):
        unmarked = not is_speaker(plain) and not _is_thing(parts[-1])  # 寺侍の良海: what nothing marks is a name
        if _is_label(parts[-2]) or unmarked:
            return parts[-1]
    if len(parts) > 1 and re.search(r"[ァ-ヺA-Za-z].*社$", parts[-1]):
        return parts[-1]
    return _after_post(plain)


PLACED = expression(
    r"^.*?(?:(?<![てで])から|(?:上|下|中|前|横|奥|隅|端|先|裏|脇|隣|そば|ほう|方|口|表|間|際|合間|壁|机|棚|帳面|ページ|頁|欄|紙|板|札)(?:に|で)|[るたいうくすつむぶ]と)(?=[^ぁ-ん]|お|ご)"
)
"""Where a voice comes from or words are written: 廊下の奥から管理人, 机の上に弟."""
ADVERBS = expression(
    r"^(?:いつか|ふいに|ふと|よく|昔|むかし|いつも|ときどき|時々|たびたび|しきりに|やがて|とうとう|ついに|突然|いきなり|ぽつりと?|なぜか|案の定|思わず|とっさに|すかさず|つい|もう一度|何度も|最近|先日|昨日|今朝|きのう|けさ|先週|先月|去年|昨年|のちに|後に|後日|翌日|ある日|あるとき|決まって|必ず|たまに|かつて|以前|意外にも|意外や|なんと|ほかならぬ|ほかでもない|当の|やはり|さすがの|めずらしく|珍しく)[、，]?(?=[一-鿿ァ-ヺA-Z]|お)"
)
"""How or when somebody says it, before who does: ふいに妹, いつか弟."""


def _without_place(phrase: str) -> str:
    """Who is left behind a place and an adverb, when that can speak."""
    placed = PLACED.match(phrase)
    if placed and is_speaker(phrase[placed.end() :]):
        phrase = phrase[placed.end() :]
    adverb = ADVERBS.match(phrase)
    return phrase[adverb.end() :] if adverb and is_speaker(phrase[adverb.end() :]) else phrase


POST = expression(
    r"^.*(?:[一-鿿ァ-ヺーぁ-ん](?:員|長|目|者|家|師|士|手|役|人|担当|職|元|主|頭|将)・(?=[一-鿿ァ-ヺ])|[ァ-ヺー](?:スト|ター|ナー|ラー|ヤー|アン|マン|サー|ガー|カー|ダー|バー|ブ)・(?=[一-鿿]))"
)


OF_SHOP = expression(r"^[^・]*[一-鿿]・(?P<who>[一-鿿々][一-鿿々ぁ-んァ-ヶー\s　]{0,7})$")
"""A trade or house and a dot before a name: 麹屋・蔵本, 農業・久保田ハル."""


def _after_post(text: str) -> str:
    """What follows a post and a dot: 調査員・水野さん → 水野さん."""
    return POST.sub("", text)


def _is_label(text: str) -> bool:
    """A role, a title, a post: what stands before の and a name."""
    return bool(ROLE.search(text) or re.search(rf"(?:{TITLE}|目|長|係|担当)$", text))


def _own_name(bare: str) -> str:
    """A person's name in a phrase such as ＡのＢ教授 or 代表の山田太郎氏, empty when only a role is named."""
    last = re.split(r"(?<=[^ぁ-ん])の|(?<=[ぁ-ん])の(?=[一-鿿ァ-ヺA-Z])", bare)[-1]
    last = _after_post(last).strip(" 　")
    if dotted := re.match(rf"^([一-鿿々]{{2,5}}(?:[\s　][一-鿿々]{{1,3}})?)・.*{TITLE}$", last):
        return dotted[1]
    posted = re.match(rf"^.*{TITLE}[・\s　/／](.+)$", last)
    if posted:
        last = posted[1]
    if re.search(rf"{KIN}$", last):
        return ""
    honoured = re.sub(rf"{HONORIFIC}(?:ら|たち)?$", "", last)
    if honoured != last and (shop := OF_SHOP.match(honoured)):
        honoured = shop["who"]
    named = re.sub(rf"{TITLE}$", "", honoured)
    if honoured != last:  # 佐伯みのりさん、早川教授さん: what is left is the name, a title before it goes
        named = re.sub(rf"^.*(?:{TITLE})[\s　・]*(?=[一-鿿ァ-ヺぁ-ん][一-鿿ァ-ヺーぁ-ん\s　・]+$)", "", named) or named
        return _clean(named) if named and not _is_role(named) else ""
    if named != last and 1 <= len(named) <= 16 and not (_is_body(named) or _is_role(named)):
        return _clean(named)
    if foreign := FOREIGN.match(last):
        return foreign["name"]
    plain = PLAIN_NAME.match(last) or ((posted or "の" in bare) and KANJI_NAME.match(last))
    return last if plain and not _is_body(last) and not _is_role(last) else ""


def _is_role(text: str) -> bool:
    """A role word; one letter of it at the end of a name (和夫, 良子) makes none."""
    found = ROLE.search(text)
    return found is not None and (found[0] == text or len(found[0]) > 1)


def _is_body(text: str) -> bool:
    """An organisation rather than a family name such as 木村 or 中島."""
    return bool(ORGANISATION.search(text)) and (
        len(text) > 3 or re.search("[一-鿿]{2}[課署局庁係班]$", text) is not None
    )


def _clean(text: str) -> str:
    return text.strip(" 　・、")
