/// The caption and credit of the figure that is being read.
struct FigureText {
    private(set) var depth = 0
    var isInCaption = false
    var isInCredit = false
    private var hasImage = false
    private var alt: String?
    private var caption: [UInt8] = []
    private var credit: [UInt8] = []

    /// Bytes of caption and credit so far.
    var length: Int { caption.count + credit.count }

    mutating func enter() {
        depth += 1
        if depth == 1 { (hasImage, alt, caption, credit) = (false, nil, [], []) }
    }

    mutating func addImage(alt text: String?) {
        hasImage = true
        if alt == nil, let text, !text.isEmpty { alt = text }
    }

    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        if isInCredit { credit.append(contentsOf: bytes) } else { caption.append(contentsOf: bytes) }
    }

    mutating func append(_ text: String) { CleanText.withBytes(of: text) { append($0) } }

    /// `[Image: caption (credit)]`, or the bare caption of a figure without image.
    mutating func leave() -> String? {
        depth -= 1
        isInCaption = false
        guard depth == 0 else { return nil }
        let words = Self.line(caption) ?? (hasImage ? alt : nil)
        let source = Self.line(credit)
        guard hasImage else { return [words, source].compactMap { $0 }.joined(separator: " ").nonEmpty }
        guard let words else { return source.map { "[Image (\($0))]" } ?? "[Image]" }
        return source.map { "[Image: \(words) (\($0))]" } ?? "[Image: \(words)]"
    }

    private static func line(_ bytes: [UInt8]) -> String? {
        CleanText.nonEmptyLine(String(decoding: bytes, as: UTF8.self))
    }
}

extension String {
    /// The string, or `nil` when it is empty.
    var nonEmpty: String? { isEmpty ? nil : self }
}
