public import struct FoundationEssentials.Data

/// Says whether a document is JSON in the strict sense of RFC 8259.
public enum JSONSyntax {
    /// Where and how `data` departs from the grammar, on one line; `nil` when it is well-formed.
    ///
    /// A byte order mark is no fault (RFC 8259 §8.1 lets a reader ignore it). A document nested deeper than
    /// ``FeedLimits/depth`` counts as malformed, since it is not read to its end.
    ///
    /// - Complexity: linear in the bytes of `data`.
    public static func fault(in data: Data, limits: FeedLimits = .default) -> String? {
        guard data.count <= limits.documentBytes else { return "more than \(limits.documentBytes) bytes" }
        let document = DocumentText(data, contentType: nil)
        return document.bytes.withUnsafeBufferPointer { bytes in
            var reader = JSONReader(bytes, limits: limits)
            if reader.next() == .none { reader.note("there is no value") }
            reader.skip()
            reader.finish()
            return reader.exceeded ?? reader.fault
        }
    }
}
