import Zip

/// FreshRSS's export: items in the form of Google Reader's interface, the state among the categories. Read after
/// FreshRSS's app/Models/Entry.php (`toGReader`) and app/views/helpers/export/articles.phtml.
enum GoogleReaderFile {
    /// An item.
    struct Item: Decodable {
        struct Link: Decodable {
            var href: String?
        }

        struct Origin: Decodable {
            var feedUrl: String?
        }

        var id: String?
        var guid: String?
        var title: String?
        var categories: [String]?
        var alternate: [Link]?
        var canonical: [Link]?
        var origin: Origin?

        var mark: ImportedMark {
            let states = Set(
                (categories ?? []).filter { $0.hasPrefix("user/") && $0.contains("/state/com.google/") }
                    .compactMap { $0.split(separator: "/").last })
            // Older exports have the publisher's guid as 'id', newer ones a number of FreshRSS's own.
            let own = id?.hasPrefix("tag:google.com,2005:") == true ? nil : id
            return ImportedMark(
                feed: origin?.feedUrl, guid: guid ?? own,
                url: (canonical ?? []).first?.href ?? (alternate ?? []).first?.href,
                title: title, isRead: states.contains("read"), isSaved: states.contains("starred"))
        }
    }

    /// The items of all JSON files of an archive; `nil` if it is none. One that cannot be read stops the import: half of a
    /// reader's state would be taken for all of it.
    static func archive(_ bytes: [UInt8]) throws(ImportError) -> ImportedState? {
        guard ZipReader.isArchive(bytes) else { return nil }
        var state = ImportedState(.freshrss)
        var budget = StateImport.maximumUnpackedBytes
        do {
            let archive = try ZipReader(bytes)
            let files = archive.entries.filter { $0.name.lowercased().hasSuffix(".json") }
            guard !files.isEmpty else {
                throw ImportError(.unknownFormat, "it is an archive without JSON files, and so no export of FreshRSS")
            }
            for file in files {
                if Task.isCancelled { throw ImportError(.cancelled, "it was not read to its end") }
                let content = try archive.content(of: file, limit: min(budget, StateImport.maximumBytes))
                budget -= content.count
                let part = try JSONFile.read(content)
                guard part.source == .freshrss else {
                    throw ImportError(
                        .unknownFormat, "it is an archive with '\(file.name.prefix(80))', which is not FreshRSS's")
                }
                state.entries += part.entries
                state.damaged += part.damaged
                state.marks += part.marks
                guard state.entries <= StateImport.maximumEntries else {
                    throw ImportError(.tooLarge, "it has more than \(StateImport.maximumEntries) articles")
                }
            }
            return state
        } catch let error as ImportError {
            throw error
        } catch let error as ZipError {
            throw ImportError(error.code == .tooLarge ? .tooLarge : .damaged, "it cannot be unpacked: \(error.detail)")
        } catch {
            throw ImportError(.damaged, "it cannot be unpacked")
        }
    }
}
