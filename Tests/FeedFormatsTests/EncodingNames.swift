/// Encodings that other readers call by Python's or IANA's names, by the Encoding Standard's.
enum EncodingNames {
    static func standard(_ label: String) -> String {
        let label = label.lowercased()
        return names[label] ?? label
    }

    private static let names = [
        "us-ascii": "windows-1252", "ascii": "windows-1252", "iso-8859-1": "windows-1252",
        "utf-16": "utf-16le", "utf_16": "utf-16le", "u16": "utf-16le", "utf16": "utf-16le", "utf_32": "utf-32le",
        "utf-32": "utf-32le", "gb2312": "gbk", "cp949": "euc-kr", "utf_8": "utf-8", "utf8": "utf-8",
    ]
}
