public import struct FoundationEssentials.Data

/// Parses feed documents.
public enum FeedParser {
    /// Parses `data`, whatever it really is: RSS 0.90 to 2.0, RDF, Atom 0.3 and 1.0, CDF, JSON Feed 1.0 and 1.1.
    ///
    /// A damaged document gives the entries that were complete and a ``FeedWarning/Code-swift.enum/damaged`` warning.
    ///
    /// - Parameters:
    ///   - contentType: The HTTP header's value; only its `charset` is used, since publishers' types lie.
    ///   - baseURL: Where the document was fetched, after redirects; relative addresses may need it.
    ///   - isCancelled: Asked every 64 KiB and before each entry; `true` ends the parse there, as a limit does. A caller
    ///     that has a clock puts its deadline here.
    /// - Throws: ``FeedError`` when the document is no feed, in a format not read yet, or too large.
    /// - Complexity: linear in the bytes of `data`; memory a small multiple of it.
    public static func parse(
        _ data: Data, contentType: String?, baseURL: String?, limits: FeedLimits = .default,
        isCancelled: @escaping () -> Bool = { false }
    ) throws(FeedError) -> ParsedFeed {
        guard data.count <= limits.documentBytes else { throw tooLarge(data.count, limits) }
        if let refusal = DocumentKind.refusal(of: data) { throw refusal }
        let document = DocumentText(data, contentType: contentType)
        guard document.bytes.count <= limits.documentBytes else {
            throw tooLarge(document.bytes.count, limits)
        }
        if JSONFeedParser.accepts(document.bytes) {
            let base = baseURL.flatMap { WebAddress.absolute($0, base: nil, use: .resource) }
            return try JSONFeedParser.parse(
                document, of: data, documentBase: base, limits: limits, isCancelled: isCancelled)
        }
        let start = DocumentStart.find(in: document.bytes)
        if let refusal = DocumentKind.refusal(ofText: document.bytes, markupAt: start) { throw refusal }

        let assembler = ElementAssembler(
            documentBase: baseURL.flatMap { WebAddress.absolute($0, base: nil, use: .resource) },
            limits: limits, isCancelled: isCancelled)
        let driver = XMLDriver(events: assembler, limits: limits, isCancelled: isCancelled)
        try document.bytes.withUnsafeBufferPointer { bytes throws(FeedError) in
            try driver.parse(UnsafeBufferPointer(rebasing: bytes[start...]))
        }
        if let refusal = assembler.refusal { throw refusal }
        guard let reader = assembler.reader else {
            let why = driver.exceeded ?? driver.failure ?? "it has no root element"
            throw FeedError(.notAFeed, "XML without a feed in it: \(why)", remedy: DocumentKind.remedy)
        }
        if document.bytes[..<start].contains(where: { !CleanText.isBlank($0) }) {
            reader.draft.warn(.damaged, "leading junk: what stands before the document was left out")
        }
        report(document, driver, assembler, on: reader.draft)
        return reader.draft.finish()
    }

    private static func report(
        _ document: DocumentText, _ driver: XMLDriver, _ assembler: ElementAssembler, on draft: FeedDraft
    ) {
        draft.feed.encoding = document.encoding
        if let complaint = document.complaint { draft.warn(.badEncoding, complaint) }
        for name in driver.unknownEntities {
            draft.warn(.unknownEntity, "the entity \(CleanText.line(name)) is unknown and was kept as text")
        }
        if let exceeded = driver.exceeded, !draft.isCancelled {
            draft.warn(.limitReached, "\(exceeded); the rest is left out")
        } else if assembler.textWasCut {
            draft.warn(.limitReached, "a text is longer than \(draft.limits.textBytes) bytes and was cut")
        }
        // A parse that we ended ourselves ends in the middle of nothing.
        let isOurs = driver.exceeded != nil || draft.isCancelled || draft.feed.entries.count >= draft.limits.entries
        if !driver.isWhole || driver.hasLostEntry { draft.feed.isCut = true }
        if !driver.isWhole, !isOurs {
            let place = driver.failure.map { " (\($0))" } ?? ""
            draft.warn(.damaged, "the document ends before its root element is closed\(place)")
        } else if let failure = driver.failure, !isOurs {
            draft.warn(.damaged, failure)
        } else if let repaired = driver.repaired {
            draft.warn(.damaged, "not well-formed: \(repaired)")
        }
    }

    private static func tooLarge(_ count: Int, _ limits: FeedLimits) -> FeedError {
        FeedError(
            .tooLarge, "The document has \(count) bytes; at most \(limits.documentBytes) are read",
            remedy: "Ask the publisher for a feed with fewer entries")
    }
}
