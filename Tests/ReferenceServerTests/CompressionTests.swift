import Testing

@testable import ReferenceServer

@Suite("Accept-Encoding") struct CompressionTests {
    @Test(
        "lets gzip through when it names it or leaves it open",
        arguments: ["gzip", "GZIP", "br, gzip", "gzip;q=0.5", "*", "identity;q=0, *;q=0.1", "x-gzip"])
    func accepted(field: String) {
        #expect(Compression.accepts(field))
    }

    @Test(
        "keeps gzip out when it does not name it, or forbids it",
        arguments: ["", "identity", "br", "gzip;q=0", "gzip; q=0.000, *", "*;q=0", "zip"])
    func refused(field: String) {
        #expect(!Compression.accepts(field))
    }
}
