/// Amounts of bytes as people say and write them; a kilobyte is a thousand bytes.
enum ByteCount {
    /// `12 kB`, `1.5 MB`, `20.3 GB`; kilobytes are rounded up.
    static func text(_ count: Int64) -> String {
        switch count {
        case ..<1_000_000: "\((count + 999) / 1_000) kB"
        case ..<1_000_000_000: "\(count / 1_000_000).\(count / 100_000 % 10) MB"
        default: "\(count / 1_000_000_000).\(count / 100_000_000 % 10) GB"
        }
    }

    /// The same amount to the byte, as ``parse(_:)`` reads it: `500MB`, `1500000`.
    static func exact(_ count: Int64) -> String {
        let units: [(Int64, String)] = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")]
        guard count > 0, let (size, unit) = units.first(where: { count % $0.0 == 0 }) else { return String(count) }
        return "\(count / size)\(unit)"
    }

    /// Reads `500MB`, `2 GB`, `1.5G`, `800000`; case and the B do not matter. At most a petabyte.
    static func parse(_ text: String) -> Int64? {
        var unit = text.lowercased().filter { $0 != " " }[...]
        let number = unit.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        unit = unit.dropFirst(number.count)
        if unit.last == "b" { unit.removeLast() }
        let factors: [Substring: Double] = ["": 1, "k": 1e3, "m": 1e6, "g": 1e9, "t": 1e12]
        guard let factor = factors[unit], number.first != ".", number.last != ".", let count = Double(number) else {
            return nil
        }
        let bytes = count * factor
        return bytes <= 1e15 ? Int64(bytes) : nil
    }
}
