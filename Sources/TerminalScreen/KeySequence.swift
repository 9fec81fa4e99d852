/// What sequences stand for.
enum KeySequence {
    /// `CSI 201 ~`, which ends a paste.
    static let pasteEnd = Array("\u{1B}[201~".utf8)

    /// The key of SS3 and a letter.
    static func single(_ final: UInt8) -> Key {
        switch final {
        case UInt8(ascii: "M"): .enter
        case UInt8(ascii: "I"): .tab
        default: letter(final) ?? .other
        }
    }

    /// The key of a CSI sequence; an empty paste for the beginning of one.
    static func control(_ parameters: [UInt8], final: UInt8) -> Key {
        if let answer = TerminalAnswer(parameters, final: final) { return .answer(answer) }
        if parameters == [UInt8(ascii: "[")], (0x41...0x45).contains(final) { return .function(Int(final) - 0x40) }
        let numbers = parameters.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map {
            number($0)
        }
        switch final {
        case UInt8(ascii: "~"), UInt8(ascii: "^"), UInt8(ascii: "$"): return numbered(numbers.first ?? 0)
        case UInt8(ascii: "Z"): return .backTab
        case UInt8(ascii: "u"): return unicode(numbers.first ?? 0, modifiers: numbers.count > 1 ? numbers[1] : 1)
        default: return letter(final) ?? .other
        }
    }

    private static func letter(_ final: UInt8) -> Key? {
        switch final {
        case UInt8(ascii: "A"): .up
        case UInt8(ascii: "B"): .down
        case UInt8(ascii: "C"): .right
        case UInt8(ascii: "D"): .left
        case UInt8(ascii: "H"): .home
        case UInt8(ascii: "F"): .end
        case UInt8(ascii: "P")...UInt8(ascii: "S"): .function(Int(final) - 0x4F)
        default: nil
        }
    }

    private static func numbered(_ number: Int) -> Key {
        switch number {
        case 1, 7: .home
        case 2: .insert
        case 3: .delete
        case 4, 8: .end
        case 5: .pageUp
        case 6: .pageDown
        // The numbers have gaps where the VT220's keyboard had them.
        case 11...15: .function(number - 10)
        case 17...21: .function(number - 11)
        case 23...24: .function(number - 12)
        case 200: .paste("")
        default: .other
        }
    }

    /// `CSI code ; modifiers u`, as terminals send it that tell all keys apart.
    private static func unicode(_ code: Int, modifiers: Int) -> Key {
        let held = max(0, modifiers - 1)
        switch code {
        case 27: return .escape
        case 13: return .enter
        case 9: return held & 1 != 0 ? .backTab : .tab
        case 8, 127: return .backspace
        case 0x20..<0xD800, 0xE000...0x10FFFF:
            guard let scalar = Unicode.Scalar(UInt32(code)) else { return .other }
            let character = Character(scalar)
            return held & 4 != 0 ? .control(character) : held & 2 != 0 ? .alt(character) : .character(character)
        default: return .other
        }
    }

    /// A parameter, without the sub-parameters behind a colon; 0 for what is no small number.
    static func number(_ digits: some Sequence<UInt8>) -> Int {
        var result = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit), result < 1_000_000 else { return digit == 0x3A ? result : 0 }
            result = result * 10 + Int(digit - 0x30)
        }
        return result
    }
}
