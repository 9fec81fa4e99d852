import Foundation
import Glibc
import Testing

/// tmux draws sixels from 3.4 on and Debian 12 has 3.3, so the terminal here is a script.
@Suite("Sixels in the full-screen reader")
struct SixelScreenTests {
    private static let asked = "\u{1B}[16t\u{1B}[c"
    private static let pictureEnd = "\u{1B}\\\u{1B}8"

    /// A device with one article, whose picture is this file.
    private static func device(_ file: [UInt8]) async throws -> Device {
        let host = try FeedHost()
        host.publish("/picture", .init(body: "", type: "image/png", file: file))
        let text = (1...40).map { "&lt;p&gt;Paragraph \($0).&lt;/p&gt;" }.joined()
        host.publish(
            "/feed",
            feed: """
                <?xml version="1.0"?><rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel>
                <title>Pictures</title><link>http://h.example/</link><description>d</description>
                <item><title>The quay</title><guid isPermaLink="false">1</guid>
                <media:content medium="image" url="\(host.url)/picture"><media:description>A gull</media:description>
                </media:content><description>\(text)</description></item></channel></rss>
                """)
        let device = try Device()
        try await device.done("add", host.url + "/feed")
        try await device.done("sync", "--images", "all", "--allow-private-addresses")
        return device
    }

    /// What the reader shows a terminal that answers, and a person who opens the article, does something and leaves.
    private static func reading(
        _ file: [UInt8], answer: String = "\u{1B}[?62;4;22c", path: String = "/usr/bin:/bin",
        cell: (width: UInt16, height: UInt16) = (10, 20), onceShown sign: String = "The quay",
        then turns: [Turn]
    ) async throws -> String {
        let outcome = try await PseudoTerminal.run(
            ["read"], try await device(file), ["PATH": path, "LANG": "C.UTF-8"], cell: cell,
            turns: [Turn(after: asked, type: answer), Turn(after: sign, type: "\r")] + turns)
        #expect(outcome.status == 0)
        return outcome.output
    }

    /// A folder with an `img2sixel` that does this.
    private static func converter(_ script: String) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let path = folder.path + "/img2sixel"
        try Data("#!/bin/sh\n\(script)\n".utf8).write(to: URL(filePath: path))
        chmod(path, 0o700)
        return folder
    }

    /// The sixel strings, each with what is in front of it.
    private static func pictures(_ output: String) -> [(before: String, size: String)] {
        let parts = output.components(separatedBy: "\u{1B}Pq")
        return zip(parts, parts.dropFirst()).map { before, picture in
            (String(before.suffix(9)), String(picture.prefix { $0 != "#" }))
        }
    }

    @Test("a terminal that says it knows sixels is shown the picture in its cells, and again where it was scrolled to")
    func shown() async throws {
        let output = try await Self.reading(
            PictureFiles.png,
            then: [
                Turn(after: Self.pictureEnd, type: "j"), Turn(after: Self.pictureEnd, type: "q"),
                Turn(after: "Enter:open", type: "q"),
            ])
        let pictures = Self.pictures(output)
        #expect(pictures.map(\.size) == ["\"1;1;64;48", "\"1;1;64;48"])
        let places = ["\u{1B}7\u{1B}[6;3H", "\u{1B}7\u{1B}[5;3H"]
        #expect(pictures.count == places.count && zip(pictures, places).allSatisfy { $0.before.hasSuffix($1) })
        // What was under the picture is erased before it stands elsewhere, and when the article is left.
        let parts = output.components(separatedBy: Self.pictureEnd)
        #expect(parts.count == 3 && parts.dropFirst().allSatisfy { $0.contains("\u{1B}[2J") })
    }

    @Test(
        "where the terminal driver knows no pixels, the terminal's answer gives the size of a cell, or a small one is taken"
    )
    func cellSize() async throws {
        let leave = [Turn(after: Self.pictureEnd, type: "qq")]
        let answered = try await Self.reading(
            PictureFiles.png, answer: "\u{1B}[6;10;5t\u{1B}[?62;4c", cell: (0, 0), then: leave)
        #expect(Self.pictures(answered).map(\.size) == ["\"1;1;40;30"])
        let silent = try await Self.reading(PictureFiles.png, cell: (0, 0), then: leave)
        #expect(Self.pictures(silent).map(\.size) == ["\"1;1;64;48"])
    }

    @Test("a picture is made once for its size, however often it is scrolled")
    func madeOnce() async throws {
        // It can write no file, but it can make a folder, once.
        let mark = try TemporaryFolder()
        let folder = try Self.converter("mkdir \(mark.path)/made && exec /usr/bin/img2sixel \"$@\"")
        let output = try await Self.reading(
            PictureFiles.png, path: folder.path + ":/usr/bin:/bin",
            then: [
                Turn(after: Self.pictureEnd, type: "j"), Turn(after: Self.pictureEnd, type: "k"),
                Turn(after: Self.pictureEnd, type: "qq"),
            ])
        #expect(Self.pictures(output).count == 3)
    }

    @Test("JPEG is shown as PNG is")
    func jpeg() async throws {
        let output = try await Self.reading(
            PictureFiles.jpeg, then: [Turn(after: Self.pictureEnd, type: "qq")])
        #expect(Self.pictures(output).map(\.size) == ["\"1;1;64;48"])
    }

    @Test("a file that cannot be decoded ends in its caption")
    func truncated() async throws {
        let output = try await Self.reading(
            Array(PictureFiles.png.prefix(150)), then: [Turn(after: "[Image: A gull]", type: "qq")])
        #expect(Self.pictures(output).isEmpty)
    }

    @Test("a converter that sends the terminal anything but a picture is not believed")
    func hostileConverter() async throws {
        let folder = try Self.converter("printf '\\033Pq\"1;1;64;48#0~\\033\\\\\\033]0;taken over\\007'")
        let output = try await Self.reading(
            PictureFiles.png, path: folder.path + ":/usr/bin:/bin", then: [Turn(after: "[Image: A gull]", type: "qq")])
        #expect(Self.pictures(output).isEmpty && !output.contains("taken over"))
    }

    @Test("without img2sixel there is the caption, and a word on what to install")
    func missingConverter() async throws {
        let output = try await Self.reading(
            PictureFiles.png, path: "/nowhere", onceShown: "libsixel-bin",
            then: [Turn(after: "[Image: A gull]", type: "qq")])
        #expect(Self.pictures(output).isEmpty)
    }

    @Test(
        "a terminal without sixels, and one that never answers, has the caption and its keys",
        arguments: ["\u{1B}[?62;22c", ""])
    func noSixels(_ answer: String) async throws {
        let output = try await Self.reading(
            PictureFiles.png, answer: answer, then: [Turn(after: "[Image: A gull]", type: "qq")])
        #expect(Self.pictures(output).isEmpty && !output.contains("libsixel-bin"))
    }

    @Test("a terminal whose environment says how it shows pictures is asked nothing")
    func unasked() async throws {
        let outcome = try await PseudoTerminal.run(
            ["read"], try await Self.device(PictureFiles.png),
            ["PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "KITTY_WINDOW_ID": "1"], cell: (10, 20),
            turns: [
                Turn(after: "The quay", type: "\r"), Turn(after: "\u{1B}_Ga=T", type: ""),
                Turn(after: "\u{1B}\\\u{1B}8", type: "qq"),
            ])
        #expect(outcome.status == 0 && !outcome.output.contains("\u{1B}[c"))
    }
}
