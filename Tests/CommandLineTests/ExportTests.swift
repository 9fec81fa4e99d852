import Foundation
import Glibc
import Testing

@Suite("Exports of articles")
struct ExportTests {
    private func subscribed(articles: Int = 2) async throws -> Device {
        let host = try FeedHost()
        host.publish("/feed", feed: host.rss((1...articles).map { ("a\($0)", "Tide &amp; Table \($0)") }))
        let device = try Device()
        try await device.done("add", host.url + "/feed")
        host.stop()
        return device
    }

    private func bytes(_ device: Device, _ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: path(device, name))))
    }

    /// A file in the device's folder.
    private func path(_ device: Device, _ name: String) -> String { device.folder.path + "/" + name }

    /// What is in the device's folder besides its own data.
    private func files(_ device: Device) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: device.folder.path).filter {
            $0 != "data" && $0 != "config"
        }
        .sorted()
    }

    @Test("without filters it is the saved articles, as an EPUB that begins as one")
    func saved() async throws {
        let device = try await subscribed()
        let nothing = try await device.run("export", "--epub", path(device, "out.epub"))
        #expect(nothing.status == 3 && nothing.errors.contains("no article is saved"))
        #expect(try files(device).isEmpty)
        try await device.done("save", try await device.articles()[0])
        let outcome = try await device.done("export", "--epub", path(device, "out.epub"), "--json").json()
        #expect(outcome["articles"] as? Int == 1 && outcome["path"] as? String == path(device, "out.epub"))
        let epub = try bytes(device, "out.epub")
        #expect(outcome["bytes"] as? Int == epub.count)
        #expect(epub.dropFirst(30).starts(with: "mimetypeapplication/epub+zip".utf8))
        #expect(try files(device) == ["out.epub"])
    }

    @Test("a page of HTML has its title, and a line of contents for each article")
    func page() async throws {
        let device = try await subscribed()
        try await device.done("export", "--html", path(device, "out.html"), "--all", "--title", "Sea <&> Land")
        let page = String(decoding: try bytes(device, "out.html"), as: UTF8.self)
        #expect(page.contains("<title>Sea &lt;&amp;&gt; Land</title>"))
        #expect(page.contains("<a href=\"#a2\">Tide &amp; Table") && page.hasSuffix("</html>\n"))
    }

    @Test("JSON lines are what 'show --json' prints, one article each, and may go to standard output")
    func lines() async throws {
        let device = try await subscribed()
        let lines = try await device.done("export", "--jsonl", "-", "--all").output.split(separator: "\n")
        #expect(lines.count == 2)
        let id = try await device.articles()[0]
        #expect(String(lines[0]) + "\n" == (try await device.done("show", id, "--peek", "--json").output))
    }

    @Test("a file that is there is not overwritten, unless that is asked for; then its link stays a link")
    func overwriting() async throws {
        let device = try await subscribed()
        try "mine".write(toFile: path(device, "kept.html"), atomically: false, encoding: .utf8)
        try FileManager.default.createSymbolicLink(atPath: path(device, "link.html"), withDestinationPath: "kept.html")
        chmod(path(device, "kept.html"), 0o600)
        for name in ["kept.html", "link.html"] {
            let outcome = try await device.run("export", "--html", path(device, name), "--all", "--json")
            #expect(outcome.status == 2)
            #expect(try outcome.error()["code"] as? String == "exists")
        }
        #expect(try bytes(device, "kept.html") == Array("mine".utf8))
        try await device.done("export", "--html", path(device, "link.html"), "--all", "--force")
        #expect(try bytes(device, "kept.html").starts(with: "<!DOCTYPE html>".utf8))
        var facts = stat()
        #expect(stat(path(device, "kept.html"), &facts) == 0 && facts.st_mode & 0o777 == 0o600)
        #expect(try files(device) == ["kept.html", "link.html"])
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: path(device, "link.html")) == "kept.html")
    }

    @Test("pictures that are kept are in the file, and of others the caption; the network is not asked")
    func pictures() async throws {
        let host = try FeedHost()
        let gif = "GIF89a" + String(repeating: "harbour ", count: 20) + ";"
        host.publish("/kept.gif", .init(body: gif))
        host.publish("/cut.gif", .init(body: String(gif.dropLast())))
        let images = ["kept", "cut", "gone"].map { "&lt;img src=\"\(host.url)/\($0).gif\" alt=\"the \($0) one\"&gt;" }
        host.publish(
            "/feed",
            feed: host.rss([("a1", "One")]).replacingOccurrences(of: "About One", with: images.joined()))
        let device = try Device()
        try await device.done("add", host.url + "/feed")
        try await device.done("sync", "--images", "all", "--allow-private-addresses")
        host.stop()
        let page = path(device, "a.html")
        let outcome = try await device.done("export", "--html", page, "--all", "--json").json()
        #expect(outcome["images"] as? Int == 1)
        let text = String(decoding: try bytes(device, "a.html"), as: UTF8.self)
        let code = Data(gif.utf8).base64EncodedString()
        #expect(text.contains("<img src=\"data:image/gif;base64,\(code)\" alt=\"the kept one\"/>"))
        #expect(text.contains("[the cut one]") && text.contains("[the gone one]"))
        try await device.done("export", "--epub", path(device, "a.epub"), "--all")
        #expect(String(decoding: try bytes(device, "a.epub"), as: UTF8.self).contains(gif))
    }

    @Test("what makes no sense is said before anything is written")
    func usage() async throws {
        let device = try await subscribed()
        let a = path(device, "a")
        let wrong: [[String]] = [
            [], ["--epub", a, "--html", a + "b"], ["--state", "--saved"], ["--epub", a, "--all", "--saved"],
            ["--jsonl", a, "--title", "t"], ["--epub", "-", "--all", "--json"], ["--epub", a, "--limit", "0"],
            ["--epub", a, "--all", "--limit", "60000"],
            ["--epub", ".", "--all", "--force"], ["--html", "", "--all"],
        ]
        for words in wrong {
            let outcome = try await CommandLineTests.run(
                .client, ["export"] + words, in: device.folder.path, environment: device.environment)
            #expect(outcome.status == 2, "\(words): \(outcome.errors)")
        }
        let nowhere = try await device.run("export", "--epub", a + "/no/such/folder/a.epub", "--all")
        #expect(nowhere.status == 1 && nowhere.errors.contains("No such file or directory"))
        #expect(try files(device).isEmpty)
    }

    @Test("a limit takes the newest, and says that there are more")
    func limit() async throws {
        let device = try await subscribed(articles: 5)
        let outcome = try await device.done("export", "--jsonl", "-", "--all", "--limit", "2")
        #expect(outcome.output.split(separator: "\n").count == 2)
        #expect(outcome.errors.contains("--limit takes more"))
    }

    @Test("standard output that takes no more is a failure")
    func fullDisk() async throws {
        let device = try await subscribed()
        let (full, null) = (open("/dev/full", O_WRONLY | O_CLOEXEC), open("/dev/null", O_RDWR | O_CLOEXEC))
        defer { for descriptor in [full, null] { close(descriptor) } }
        let child = try Program.client.start(
            ["export", "--epub", "-", "--all"], device.environment, input: null, output: full, errors: null)
        #expect(await child.end() == 1)
    }
}
