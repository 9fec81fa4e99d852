/// Decides in which encoding a document without a byte order mark is, and reads it.
///
/// What header and declaration say is believed unless the bytes plainly contradict it: valid UTF-8 with characters past
/// ASCII in it is hardly ever anything else, and invalid UTF-8 is not UTF-8.
struct EncodingChoice {
    private(set) var bytes: [UInt8] = []
    private(set) var encoding = TextEncoding.utf8
    private(set) var complaint: String?

    /// - Parameter labels: What was declared, the strongest first.
    init(_ raw: [UInt8], labels: [String]) {
        let declared = Self.known(labels)
        let census = UTF8Census(raw)
        let first = declared.first
        if let unknown = labels.first(where: { EncodingLabels.encoding(of: $0) == nil }) {
            complaint = "the encoding \(CleanText.line(String(unknown.prefix(40)))) is unknown"
        }
        if census.isASCII, first?.keepsASCII ?? true {
            (bytes, encoding) = (raw, first ?? .utf8)
        } else if census.isValid {
            chooseForValid(raw, census, first)
        } else {
            chooseForInvalid(raw, census, declared)
        }
        if let unknown = complaint, unknown.hasSuffix("unknown") { complaint = "\(unknown); read as \(encoding.name)" }
    }

    private static func known(_ labels: [String]) -> [TextEncoding] {
        // A document whose first bytes are ASCII cannot be in one of the wide encodings.
        labels.compactMap(EncodingLabels.encoding).filter {
            !$0.name.hasPrefix("utf-16") && !$0.name.hasPrefix("utf-32")
        }
    }

    private mutating func chooseForValid(_ raw: [UInt8], _ census: UTF8Census, _ declared: TextEncoding?) {
        guard let declared, declared != .utf8 else { return bytes = raw }
        if census.isASCII {
            // Only the encodings that shift between sets get here.
            let text = TextDecoder.decode(raw[...], as: declared)
            (bytes, encoding) = (text.bytes, declared)
            if text.hasErrors { complaint = "some bytes are no \(declared.name) and were replaced" }
            return
        }
        if declared.isSingleByte || census.sequences >= 8 {
            bytes = raw
            complaint = "the document says it is \(declared.name), but it is UTF-8"
            return
        }
        // Two short words of Chinese can pass for UTF-8.
        let text = TextDecoder.decode(raw[...], as: declared)
        if text.hasErrors {
            bytes = raw
            complaint = "the document says it is \(declared.name), but it is UTF-8"
        } else {
            (bytes, encoding) = (text.bytes, declared)
        }
    }

    private mutating func chooseForInvalid(_ raw: [UInt8], _ census: UTF8Census, _ declared: [TextEncoding]) {
        for candidate in declared where candidate != .utf8 {
            let text = TextDecoder.decode(raw[...], as: candidate)
            if text.hasErrors, candidate != declared.last { continue }
            (bytes, encoding) = (text.bytes, candidate)
            if text.hasErrors { complaint = "some bytes are no \(candidate.name) and were replaced" }
            if declared.first == .utf8 {
                complaint = "the document is \(candidate.name), although its header says UTF-8"
            }
            return
        }
        if census.sequences > census.invalid {
            bytes = TextDecoder.decode(raw[...], as: .utf8).bytes
            complaint = "some bytes are no UTF-8 and were replaced"
            return
        }
        encoding = EncodingGuess.guess(raw)
        bytes = TextDecoder.decode(raw[...], as: encoding).bytes
        complaint = "the document is no UTF-8; read as \(encoding.name), by the look of it"
    }
}

/// How far bytes are UTF-8.
struct UTF8Census {
    /// Characters of more than one byte.
    private(set) var sequences = 0
    /// Bytes that belong to no character.
    private(set) var invalid = 0

    var isASCII: Bool { sequences == 0 && invalid == 0 }
    var isValid: Bool { invalid == 0 }

    init(_ bytes: [UInt8]) {
        bytes.withUnsafeBufferPointer { buffer in
            var index = 0
            while index < buffer.count {
                if buffer[index] < 0x80 {
                    index = ValidText.endOfASCII(buffer, from: index)
                    continue
                }
                let length = ValidText.sequenceLength(buffer, at: index)
                if length > 0 { sequences += 1 } else { invalid += 1 }
                index += max(length, 1)
            }
        }
    }
}
