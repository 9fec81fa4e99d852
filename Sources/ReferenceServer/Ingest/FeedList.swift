import FeedFormats

/// A list of feeds as other programs export it.
public struct FeedList: Sendable, Hashable {
    /// The feeds in the list's order, each address once.
    public var requests: [IngestRequest]
    /// What was odd, in sentences.
    public var warnings: [String]

    /// Reads an OPML file.
    ///
    /// - Throws: ``ServerError`` with the code `source` if it is no list, or too large.
    public init(opml path: String) throws(ServerError) {
        let bytes = try FeedFile(path: path).read()
        do throws(FeedError) {
            let list = try OPML.parse(bytes)
            requests = list.subscriptions.map {
                IngestRequest(source: $0.feedURL, title: $0.title.isEmpty ? nil : $0.title)
            }
            warnings = list.warnings.map(\.message)
        } catch {
            throw ServerError(.source, "\(path): \(error.context)", remedy: error.remedy)
        }
    }
}
