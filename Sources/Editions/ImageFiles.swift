import SyncCore

/// The images of an EPUB: each file once, however many articles show it and under however many addresses.
///
/// A class, for the articles ask it while they are written; it is used by one writer alone.
final class ImageFiles {
    /// An image that an article asked for and that is not in the archive yet.
    struct File {
        var name: String
        var bytes: [UInt8]
    }

    /// What is in the archive: names and media types, in the order of writing.
    private(set) var written: [(name: String, mediaType: String)] = []
    private var new: [File] = []
    private var names: [String: String?] = [:]
    private var known: Set<String> = []
    private let bytes: (String) throws -> [UInt8]?

    init(_ bytes: @escaping (String) throws -> [UInt8]?) {
        self.bytes = bytes
    }

    /// The name of the file that an address stands for; `nil` if there is no picture to be shown.
    func name(_ url: String) throws -> String? {
        if let name = names[url] { return name }
        guard let image = try bytes(url).flatMap({ EditionImage($0) }) else {
            names[url] = .some(nil)
            return nil
        }
        let name = "images/\(Digest128(hashing: image.bytes)).\(image.kind.fileExtension)"
        names[url] = name
        if known.insert(name).inserted {
            new.append(File(name: name, bytes: image.bytes))
            written.append((name, image.kind.mediaType))
        }
        return name
    }

    /// The images that were asked for since the last call.
    func takeNew() -> [File] {
        defer { new = [] }
        return new
    }
}
