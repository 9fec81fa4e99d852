/// The labels of the Encoding Standard (WHATWG) that feeds use, and what iconv calls them.
enum EncodingLabels {
    /// The iconv name of the encoding called `label`, or `nil` for one we do not know. As on the web, Latin 1 means
    /// windows-1252 and the older Chinese, Japanese and Korean sets mean their supersets.
    static func iconvName(of label: String) -> String? {
        let label = label.lowercased()
        if let name = names[label] { return name }
        for prefix in ["windows-125", "cp125"]
        where label.hasPrefix(prefix) && label.utf8.count == prefix.utf8.count + 1 {
            return label.last.flatMap { ("0"..."8").contains($0) ? "CP125\($0)" : nil }
        }
        for prefix in ["iso-8859-", "iso8859-", "iso_8859-"] where label.hasPrefix(prefix) {
            guard let part = Int(label.dropFirst(prefix.count)), (2...16).contains(part), part != 12 else {
                return nil
            }
            return part == 9 ? "CP1254" : "ISO-8859-\(part)"
        }
        return nil
    }

    private static let names: [String: String] = [
        "utf-8": "UTF-8", "utf8": "UTF-8", "unicode-1-1-utf-8": "UTF-8", "utf-16": "UTF-16LE",
        "utf-16le": "UTF-16LE",
        "utf-16be": "UTF-16BE", "utf-32": "UTF-32LE", "utf-32le": "UTF-32LE", "utf-32be": "UTF-32BE",
        "us-ascii": "CP1252", "ascii": "CP1252", "iso-8859-1": "CP1252", "iso8859-1": "CP1252",
        "latin1": "CP1252",
        "iso_8859-1": "CP1252", "l1": "CP1252", "x-cp1252": "CP1252", "latin2": "ISO-8859-2",
        "koi8-r": "KOI8-R",
        "koi8": "KOI8-R", "koi8-u": "KOI8-U", "ibm866": "CP866", "cp866": "CP866", "macintosh": "MACINTOSH",
        "windows-874": "CP874", "tis-620": "CP874", "shift_jis": "CP932", "shift-jis": "CP932",
        "sjis": "CP932",
        "x-sjis": "CP932", "windows-31j": "CP932", "euc-jp": "EUC-JP", "x-euc-jp": "EUC-JP",
        "iso-2022-jp": "ISO-2022-JP", "gb2312": "GB18030", "gbk": "GB18030", "x-gbk": "GB18030",
        "cp936": "GB18030",
        "gb18030": "GB18030", "big5": "BIG5-HKSCS", "big5-hkscs": "BIG5-HKSCS", "x-x-big5": "BIG5-HKSCS",
        "euc-kr": "CP949", "ks_c_5601-1987": "CP949", "cp949": "CP949",
    ]
}
