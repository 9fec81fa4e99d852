/// An encoding: its name in the Encoding Standard, and what iconv calls it.
struct TextEncoding: Equatable {
    /// In small letters.
    var name: String
    var iconvName: String
    /// Whether bytes below 0x80 always mean ASCII, so that a document of nothing else needs no conversion.
    var keepsASCII: Bool

    init(_ name: String, iconv: String, keepsASCII: Bool = true) {
        self.name = name
        iconvName = iconv
        self.keepsASCII = keepsASCII
    }

    static let utf8 = TextEncoding("utf-8", iconv: "UTF-8")
    static let windows1252 = TextEncoding("windows-1252", iconv: "CP1252")

    /// Whether each byte is a character.
    var isSingleByte: Bool {
        !["utf-8", "gbk", "gb18030", "big5", "euc-jp", "euc-kr", "shift_jis", "johab", "euc-tw"].contains(name)
            && keepsASCII
    }
}

/// The labels of the Encoding Standard (WHATWG), and those older ones of IANA that feeds were written in.
///
/// Only what stands here is looked up, so that a hostile label never names a module that iconv would load.
enum EncodingLabels {
    /// The encoding called `label`, or `nil` for one we do not know. As on the web, Latin 1 means windows-1252 and the
    /// older Chinese, Japanese and Korean sets mean their supersets. Case and punctuation do not count.
    static func encoding(of label: String) -> TextEncoding? {
        let key = key(label)
        return key.isEmpty ? nil : table[key]
    }

    private static func key(_ label: String) -> String {
        String(label.lowercased().prefix(40).filter { $0.isASCII && ($0.isLetter || $0.isNumber) })
    }

    private static let table: [String: TextEncoding] = {
        var table: [String: TextEncoding] = [:]
        for (encoding, labels) in families {
            for label in [encoding.name] + labels.split(separator: " ").map(String.init) {
                table[key(label)] = encoding
            }
        }
        for part in [2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16] {
            let encoding = TextEncoding("iso-8859-\(part)", iconv: "ISO-8859-\(part)")
            for label in ["iso8859\(part)", "cp2859\(part)"] { table[key(label)] = encoding }
        }
        for page in [1250, 1251, 1253, 1254, 1255, 1256, 1257, 1258] {
            let encoding = TextEncoding("windows-\(page)", iconv: "CP\(page)")
            for label in ["windows\(page)", "cp\(page)", "xcp\(page)", "ms\(page)"] { table[label] = encoding }
        }
        for page in [437, 737, 775, 850, 852, 855, 857, 858, 860, 861, 862, 863, 864, 865, 869, 922, 1125] {
            let encoding = TextEncoding("cp\(page)", iconv: "CP\(page)")
            for label in ["cp\(page)", "ibm\(page)", "\(page)", "cspc\(page)", "csibm\(page)"] {
                table[label] = encoding
            }
        }
        return table
    }()

    private static let families: [(TextEncoding, String)] = [
        (.utf8, "utf8 unicode-1-1-utf-8 u8 utf x-unicode20utf8"),
        (
            TextEncoding("utf-16le", iconv: "UTF-16LE", keepsASCII: false),
            "utf-16 u16 csunicode ucs-2 iso-10646-ucs-2 unicode unicodefeff"
        ),
        (TextEncoding("utf-16be", iconv: "UTF-16BE", keepsASCII: false), "unicodefffe"),
        (TextEncoding("utf-32le", iconv: "UTF-32LE", keepsASCII: false), "utf-32 u32 ucs-4 iso-10646-ucs-4 csucs4"),
        (TextEncoding("utf-32be", iconv: "UTF-32BE", keepsASCII: false), ""),
        (
            .windows1252,
            """
            ansi_x3.4-1968 ansi_x3.4-1986 ascii us-ascii us csascii iso646-us iso_646.irv:1991 iso-ir-6 646 ibm367 cp367
            cp1252 x-cp1252 iso-8859-1 iso8859-1 iso_8859-1:1987 iso-ir-100 l1 latin1 latin-1 csisolatin1 cp819 ibm819 8859
            """
        ),
        (TextEncoding("iso-8859-2", iconv: "ISO-8859-2"), "latin2 l2 csisolatin2 iso-ir-101 iso_8859-2:1987"),
        (TextEncoding("iso-8859-3", iconv: "ISO-8859-3"), "latin3 l3 csisolatin3 iso-ir-109 iso_8859-3:1988"),
        (TextEncoding("iso-8859-4", iconv: "ISO-8859-4"), "latin4 l4 csisolatin4 iso-ir-110 iso_8859-4:1988"),
        (TextEncoding("iso-8859-5", iconv: "ISO-8859-5"), "cyrillic csisolatincyrillic iso-ir-144 iso_8859-5:1988"),
        (
            TextEncoding("iso-8859-6", iconv: "ISO-8859-6"),
            "arabic csisolatinarabic iso-ir-127 asmo-708 ecma-114 iso_8859-6:1987 iso-8859-6-e iso-8859-6-i"
        ),
        (
            TextEncoding("iso-8859-7", iconv: "ISO-8859-7"),
            "greek greek8 csisolatingreek iso-ir-126 elot_928 ecma-118 sun_eu_greek iso_8859-7:1987"
        ),
        (
            TextEncoding("iso-8859-8", iconv: "ISO-8859-8"),
            "hebrew csisolatinhebrew iso-ir-138 visual logical iso_8859-8:1988 iso-8859-8-e iso-8859-8-i csiso88598i"
        ),
        (
            TextEncoding("windows-1254", iconv: "CP1254"),
            "iso-8859-9 iso8859-9 latin5 l5 csisolatin5 iso-ir-148 iso_8859-9:1989"
        ),
        (TextEncoding("iso-8859-10", iconv: "ISO-8859-10"), "latin6 l6 csisolatin6 iso-ir-157 iso_8859-10:1992"),
        (TextEncoding("windows-874", iconv: "CP874"), "tis-620 tis620-2533 dos-874 iso-8859-11 iso8859-11 cp874 thai"),
        (TextEncoding("iso-8859-13", iconv: "ISO-8859-13"), "latin7 l7"),
        (TextEncoding("iso-8859-14", iconv: "ISO-8859-14"), "latin8 l8 iso-celtic iso-ir-199"),
        (TextEncoding("iso-8859-15", iconv: "ISO-8859-15"), "latin9 l9 csisolatin9"),
        (TextEncoding("iso-8859-16", iconv: "ISO-8859-16"), "latin10 l10 iso-ir-226"),
        (TextEncoding("koi8-r", iconv: "KOI8-R"), "koi koi8 koi8_r cskoi8r"),
        (TextEncoding("koi8-u", iconv: "KOI8-U"), "koi8-ru"),
        (TextEncoding("koi8-t", iconv: "KOI8-T"), ""),
        (TextEncoding("ibm866", iconv: "CP866"), "866 cp866 csibm866"),
        (TextEncoding("macintosh", iconv: "MACINTOSH"), "mac x-mac-roman macroman csmacintosh"),
        (TextEncoding("x-mac-cyrillic", iconv: "MAC-CYRILLIC"), "maccyrillic x-mac-ukrainian"),
        (TextEncoding("ptcp154", iconv: "PT154"), "csptcp154 pt154 cp154 cyrillic-asian"),
        (TextEncoding("hp-roman8", iconv: "HP-ROMAN8"), "roman8 r8 cshproman8"),
        (
            TextEncoding("shift_jis", iconv: "CP932"),
            "shift-jis sjis x-sjis s_jis csshiftjis ms_kanji windows-31j ms932 cp932 932 shiftjis shiftjis2004 shiftjisx0213"
        ),
        (TextEncoding("euc-jp", iconv: "EUC-JP-MS"), "x-euc-jp eucjp ujis u_jis cseucpkdfmtjapanese eucjis2004"),
        (
            TextEncoding("iso-2022-jp", iconv: "ISO-2022-JP-2", keepsASCII: false),
            "csiso2022jp iso-2022-jp-1 iso-2022-jp-2 iso-2022-jp-3 iso-2022-jp-ext"
        ),
        (
            TextEncoding("gbk", iconv: "GB18030"),
            """
            gb2312 chinese csgb2312 csiso58gb231280 gb_2312 gb_2312-80 iso-ir-58 x-gbk cp936 936 ms936 windows-936 euccn euc-cn
            eucgb2312-cn gb2312-1980 gb2312-80
            """
        ),
        (TextEncoding("gb18030", iconv: "GB18030"), "gb18030-2000"),
        (TextEncoding("big5", iconv: "BIG5-HKSCS"), "big5-hkscs cn-big5 csbig5 x-x-big5 big5-tw cp950 950 ms950"),
        (
            TextEncoding("euc-kr", iconv: "CP949"),
            "cseuckr csksc56011987 iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 windows-949 cp949 949 ms949 uhc euckr"
        ),
        (TextEncoding("iso-2022-kr", iconv: "ISO-2022-KR", keepsASCII: false), "csiso2022kr"),
        (TextEncoding("johab", iconv: "JOHAB"), "cp1361 ms1361"),
    ]
}
