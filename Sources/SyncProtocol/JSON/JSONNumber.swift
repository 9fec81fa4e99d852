/// Numbers of JSON. Integers are exact over the whole range of their type; `1.0` and `1e3` are integers too.
enum JSONNumber {
    /// The digits of an integer without sign; `nil` beyond 64 bits.
    @inline(__always)
    static func magnitude(in bytes: JSONBytes, at offset: Int, length: Int) -> UInt64? {
        // 19 digits always fit.
        guard length <= 19 else { return longMagnitude(in: bytes, at: offset, length: length) }
        var value: UInt64 = 0
        for index in offset..<offset + length { value = value &* 10 &+ UInt64(bytes[index] &- UInt8(ascii: "0")) }
        return value
    }

    private static func longMagnitude(in bytes: JSONBytes, at offset: Int, length: Int) -> UInt64? {
        // The grammar allows no leading zeros.
        guard length == 20 else { return nil }
        var value: UInt64 = 0
        for index in offset..<offset + length {
            let (product, isProductLost) = value.multipliedReportingOverflow(by: 10)
            let (sum, isSumLost) = product.addingReportingOverflow(UInt64(bytes[index] &- UInt8(ascii: "0")))
            if isProductLost || isSumLost { return nil }
            value = sum
        }
        return value
    }

    /// The number as an integer; `nil` if it is none of this type.
    ///
    /// A number with a fraction or exponent is one if the nearest binary64 is. From 2^53 on, where binary64 holds only
    /// some of the integers, its digits decide which one, and those behind the point do not count.
    @inline(__always)
    static func integer<Number: FixedWidthInteger>(
        _ token: JSONToken, in bytes: JSONBytes, as type: Number.Type
    ) -> Number? {
        guard token.kind == .integer else {
            return token.kind == .fraction ? integerOfFraction(token, in: bytes, as: type) : nil
        }
        let isNegative = bytes[token.offset] == UInt8(ascii: "-")
        let skipped = isNegative ? 1 : 0
        guard let value = magnitude(in: bytes, at: token.offset + skipped, length: token.extent - skipped) else {
            return nil
        }
        return isNegative ? negative(value, as: type) : Number(exactly: value)
    }

    private static func negative<Number: FixedWidthInteger>(_ value: UInt64, as type: Number.Type) -> Number? {
        guard value <= 1 << 63 else { return nil }
        return Number(exactly: Int64(truncatingIfNeeded: 0 &- value))
    }

    private static func integerOfFraction<Number: FixedWidthInteger>(
        _ token: JSONToken, in bytes: JSONBytes, as type: Number.Type
    ) -> Number? {
        guard let double = double(token, in: bytes), let value = Number(exactly: double) else { return nil }
        guard double.magnitude >= 0x1p53 else { return value }
        guard let whole = wholePart(token, in: bytes) else { return nil }
        return double < 0 ? negative(whole, as: type) : Number(exactly: whole)
    }

    /// The number as binary64, rounded to the nearest; `nil` if it is no number, or too large.
    static func double(_ token: JSONToken, in bytes: JSONBytes) -> Double? {
        guard token.kind == .integer || token.kind == .fraction,
            let double = Double(bytes.text(at: token.offset, length: token.extent)), double.isFinite
        else { return nil }
        return double
    }

    /// The digits before the point, once the exponent has moved it; `nil` beyond 64 bits.
    private static func wholePart(_ token: JSONToken, in bytes: JSONBytes) -> UInt64? {
        var digits: [UInt8] = []
        var places = 0
        var exponent = 0
        var (isBehindPoint, isExponent, isExponentNegative) = (false, false, false)
        for index in token.offset..<token.offset + token.extent {
            switch bytes[index] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                let digit = bytes[index] - UInt8(ascii: "0")
                if isExponent {
                    // No number of this length needs more to be zero or too large.
                    exponent = min(exponent * 10 + Int(digit), 2 * JSONToken.maximumBytes)
                } else {
                    digits.append(digit)
                    if !isBehindPoint { places += 1 }
                }
            case UInt8(ascii: "."): isBehindPoint = true
            case UInt8(ascii: "e"), UInt8(ascii: "E"): isExponent = true
            case UInt8(ascii: "-"): isExponentNegative = isExponent
            default: break
            }
        }
        places += isExponentNegative ? -exponent : exponent
        var value: UInt64 = 0
        for place in 0..<max(0, places) {
            let (product, isProductLost) = value.multipliedReportingOverflow(by: 10)
            let (sum, isSumLost) = product.addingReportingOverflow(place < digits.count ? UInt64(digits[place]) : 0)
            if isProductLost || isSumLost { return nil }
            value = sum
        }
        return value
    }
}
