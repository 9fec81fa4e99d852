/// Text in lines, with the marks of the quotes and lists around it before each. White space is collapsed, and breaks
/// are asked for before it is known whether anything follows.
struct IndentedLines {
    /// A quote or list item that later lines belong to.
    private struct Container {
        /// What the first line starts with, until it is written.
        var marker: String?
        /// What every later line starts with.
        var indent: String
    }

    private var out: [UInt8] = []
    private var containers: [Container] = []
    private var pendingBreaks = 0
    private var pendingBlank = false
    /// What marks may still add.
    private var room: Int

    init(inputBytes: Int) {
        room = 4 * inputBytes + 4096
        out.reserveCapacity(inputBytes)
    }

    /// Bytes written.
    var count: Int { out.count }

    var text: String { ValidText.string(out) }

    /// Takes the blanks off the end.
    mutating func trim() { while let last = out.last, CleanText.isBlank(last) { out.removeLast() } }

    /// Asks for a line break (1) or a blank line (2) before what follows.
    mutating func request(_ breaks: Int) {
        // The first paragraph of an item stands beside its mark.
        guard breaks > 0, containers.last?.marker == nil else { return }
        pendingBreaks = max(pendingBreaks, breaks)
    }

    /// Asks for one line break more.
    mutating func addBreak() { pendingBreaks = min(pendingBreaks + 1, 2) }

    mutating func enter(marker: String, indent: String) {
        let isShown = containers.count < PlainTextWriter.maximumIndents
        containers.append(isShown ? Container(marker: marker, indent: indent) : Container(indent: ""))
    }

    mutating func leave() { _ = containers.popLast() }

    /// Appends text as it is.
    ///
    /// - Parameters:
    ///   - isMark: Whether it ends in a blank that only stands if something follows.
    ///   - spaced: Whether a blank comes before it.
    mutating func append(_ text: some StringProtocol, isMark: Bool = false, spaced: Bool = false) {
        if spaced { pendingBlank = true }
        var text = String(text)
        if isMark { text.removeLast() }
        text.withUTF8 { appendRun($0) }
        if isMark { pendingBlank = true }
    }

    /// Appends text on the line that is open, whatever is pending.
    mutating func appendRaw(_ text: String) { out.append(contentsOf: text.utf8) }

    /// Appends text with its white space collapsed.
    mutating func appendText(_ bytes: UnsafeBufferPointer<UInt8>) {
        var start = 0
        var index = 0
        while index < bytes.count {
            if Self.isCollapsed(bytes, at: index, start: start) {
                index += 8
                continue
            }
            let byte = bytes[index]
            if byte > 0x20 || !CleanText.isBlank(byte) {
                index += 1
                continue
            }
            // One blank between two words is as it should be: no need to stop for it.
            if byte == 0x20, index > start, index + 1 < bytes.count, bytes[index + 1] > 0x20 {
                index += 2
                continue
            }
            if index > start { appendRun(UnsafeBufferPointer(rebasing: bytes[start..<index])) }
            pendingBlank = true
            index += 1
            start = index
        }
        if start < bytes.count { appendRun(UnsafeBufferPointer(rebasing: bytes[start...])) }
    }

    /// Whether the eight bytes at `index` hold no white space but single blanks between words.
    @inline(__always)
    private static func isCollapsed(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int, start: Int) -> Bool {
        guard let word = ByteWord(bytes, at: index), !word.hasControl else { return false }
        let blanks = word.places(of: 0x20)
        if blanks & (blanks >> 8) != 0 { return false }
        // A blank at either end must have a word on its other side.
        if blanks & 0x80 != 0, index == start { return false }
        return blanks >> 63 == 0 || (index + 8 < bytes.count && bytes[index + 8] > 0x20)
    }

    /// Appends text with its blanks and line breaks kept.
    mutating func appendPreformatted(_ bytes: UnsafeBufferPointer<UInt8>) {
        var isFirst = true
        for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            if !isFirst {
                if pendingBreaks > 0 || out.isEmpty { continue }
                out.append(0x0A)
                appendPrefix(trimmed: line.isEmpty)
            }
            isFirst = false
            guard !line.isEmpty else { continue }
            if pendingBreaks > 0 || out.isEmpty { startLine() }
            out.append(contentsOf: line)
        }
    }

    /// Whether what was written from `start` on is `address`, or a `mailto:` address without its scheme.
    func shows(_ address: String, from start: Int) -> Bool {
        var shown = out[start...].drop { CleanText.isBlank($0) || $0 == UInt8(ascii: ">") || $0 == UInt8(ascii: "-") }
        while let last = shown.last, CleanText.isBlank(last) { shown.removeLast() }
        let mail = "mailto:".utf8
        return shown.elementsEqual(address.utf8)
            || (address.utf8.starts(with: mail) && shown.elementsEqual(address.utf8.dropFirst(mail.count)))
    }

    /// Puts what was written from `start` on into one line, marks of the lines that go away removed. Does nothing when
    /// it is longer than `limit` bytes, which also bounds the work of nested tables.
    mutating func joinLines(from start: Int, limit: Int) {
        guard out.count - start <= limit, start < out.count else { return }
        let indents = containers.filter { $0.marker == nil }.map(\.indent).joined()
        // The breaks that the row starts with stand.
        var first = start
        while first < out.count, out[first] == 0x0A {
            let next = out[(first + 1)...].firstIndex(of: 0x0A) ?? out.count
            guard next < out.count, indents.utf8.starts(with: out[(first + 1)..<next]) else {
                first += 1
                break
            }
            first = next
        }
        // What the last cell asked for goes with its lines.
        pendingBreaks = min(pendingBreaks, 1)
        guard let end = out[first...].firstIndex(of: 0x0A) else { return }
        let bare = Array(out[end...])
        out.removeSubrange(end...)
        for line in bare.split(separator: 0x0A) {
            var rest = line
            if rest.starts(with: indents.utf8) { rest = rest.dropFirst(indents.utf8.count) }
            rest = rest.drop(while: CleanText.isBlank)
            // A line of marks alone was a blank line.
            guard !rest.isEmpty, !indents.utf8.starts(with: line) else { continue }
            if out.last != 0x20 { out.append(0x20) }
            out.append(contentsOf: rest)
        }
    }

    private mutating func appendRun(_ bytes: UnsafeBufferPointer<UInt8>) {
        if pendingBreaks > 0 || out.isEmpty {
            startLine()
        } else if pendingBlank {
            out.append(0x20)
        }
        pendingBlank = false
        out.append(contentsOf: bytes)
    }

    /// Writes the line breaks that are due and the marks of quotes and items.
    private mutating func startLine() {
        if !out.isEmpty {
            if pendingBreaks > 1 {
                out.append(0x0A)
                appendPrefix(trimmed: true)
            }
            out.append(0x0A)
        }
        pendingBreaks = 0
        pendingBlank = false
        appendPrefix(trimmed: false)
    }

    private mutating func appendPrefix(trimmed: Bool) {
        guard !containers.isEmpty, room > 0 else { return }
        let start = out.count
        for index in containers.indices {
            if !trimmed, let marker = containers[index].marker {
                out.append(contentsOf: marker.utf8)
                containers[index].marker = nil
            } else {
                // Before its first line an item has no line to be blank in.
                if trimmed, containers[index].marker != nil { break }
                out.append(contentsOf: containers[index].indent.utf8)
            }
        }
        room -= out.count - start
        if trimmed { while out.count > start, out.last == 0x20 { out.removeLast() } }
    }
}
