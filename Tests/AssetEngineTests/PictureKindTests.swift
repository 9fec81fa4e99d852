import SyncCore
import SyncPorts
import Testing

@testable import AssetEngine

@Suite("What is a picture, and when it is tried again")
struct PictureKindTests {
    @Test(
        "a picture is known by its first bytes",
        arguments: [
            ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0], .png), ([0xFF, 0xD8, 0xFF, 0xE0], .jpeg),
            (Array("GIF87a".utf8), .gif), (Array("RIFF\0\0\0\0WEBPVP8 ".utf8), .webp),
            (Array("\0\0\0\u{1C}ftypavif\0\0\0\0avifmif1".utf8), .avif),
            (Array("\0\0\0\u{1C}ftypmif1\0\0\0\0mif1avif".utf8), .avif), (Array("\0\0\0\u{18}ftypisom".utf8), nil),
            (Array("RIFF\0\0\0\0WAVE".utf8), nil), (Array("<svg xmlns".utf8), nil), ([0x42, 0x4D], nil), ([], nil),
        ] as [([UInt8], PictureKind?)])
    func kinds(_ head: [UInt8], _ kind: PictureKind?) { #expect(PictureKind(head: head) == kind) }

    private func minutes(_ attempts: Int, lasting: Bool = false, retryAfter: Int64? = nil) -> Int64 {
        var draw = SystemRandomNumberGenerator()
        let due = AssetBackoff.due(
            after: attempts, isLasting: lasting, retryAfter: retryAfter, now: WallTime(milliseconds: 0), using: &draw)
        return due.milliseconds / 60_000
    }

    @Test("after each failure the next attempt is twice as far, up to a day, or a month if the picture is at fault")
    func backoff() {
        #expect((9...11).contains(minutes(1)) && (18...22).contains(minutes(2)) && (36...44).contains(minutes(3)))
        #expect((1_296...1_584).contains(minutes(40)))
        #expect((1_296...1_584).contains(minutes(1, lasting: true)))
        #expect((38_880...47_520).contains(minutes(99, lasting: true)))
        #expect(minutes(1, retryAfter: 7_200_000) == 120)
        #expect(minutes(1, retryAfter: .max) == 43_200)
    }

    @Test("a range of a file is read as it is written, and nothing else")
    func ranges() {
        #expect(ContentRange("bytes 5-9/10").map { [$0.start, $0.end, $0.total ?? -1] } == [5, 9, 10])
        #expect(ContentRange("Bytes 0-0/*").map { [$0.start, $0.end, $0.total ?? -1] } == [0, 0, -1])
        for text in ["", "bytes", "bytes */10", "bytes 9-5/10", "bytes 5-9/9", "bytes -5-9/10", "bytes 5-9", "5-9/10"] {
            #expect(ContentRange(text) == nil)
        }
        #expect(ContentRange(nil) == nil)
        #expect(ContentRange("bytes 0-9223372036854775807/*") == nil)
    }

    @Test("the name of a file reads back, and nothing else does")
    func names() {
        let hash = AssetHash(bytes: SHA256.hash("x".utf8))
        #expect(hash.flatMap { AssetHash($0.description) } == hash)
        for text in ["", "00", String(repeating: "G", count: 64), (hash?.description.uppercased() ?? "")] {
            #expect(AssetHash(text) == nil)
        }
    }
}
