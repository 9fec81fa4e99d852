import Foundation
import TerminalScreen
import Testing

@testable import ReaderSyncCLI

@Suite("Sixels from files, by img2sixel")
struct SixelConverterTests {
    private let folder: TemporaryFolder
    private let converter: SixelConverter

    init() throws {
        folder = try TemporaryFolder()
        converter = try #require(SixelConverter { $0 == "PATH" ? "/usr/bin" : nil }, "install libsixel-bin")
    }

    private func picture(_ file: [UInt8], columns: Int = 8, rows: Int = 3, cell: PixelSize) throws -> SixelPicture? {
        let path = folder.path + "/picture"
        try Data(file).write(to: URL(filePath: path))
        return converter.picture(.init(path: path, columns: columns, rows: rows, cell: cell))
    }

    @Test("PNG and JPEG are made as large as the cells", arguments: [PictureFiles.png, PictureFiles.jpeg])
    func kinds(_ file: [UInt8]) throws {
        let small = try #require(try picture(file, cell: PixelSize(width: 5, height: 10)))
        #expect(small.text.contains("q\"1;1;40;30#"))
        let large = try #require(try picture(file, cell: PixelSize(width: 20, height: 40)))
        #expect(large.text.contains("q\"1;1;64;48#"), "no larger than it is")
    }

    @Test("a cut file, one that claims to be immense, one that is none, and none at all make no picture")
    func broken() throws {
        let cell = PixelSize(width: 10, height: 20)
        #expect(try picture(Array(PictureFiles.png.prefix(150)), cell: cell) == nil)
        #expect(try picture(Array(PictureFiles.jpeg.prefix(300)), cell: cell) == nil)
        var immense = PictureFiles.png
        (immense[18], immense[22]) = (0x7F, 0x7F)
        #expect(try picture(immense, cell: cell) == nil)
        #expect(try picture(Array("<svg/>".utf8), cell: cell) == nil)
        #expect(converter.picture(.init(path: folder.path + "/none", columns: 8, rows: 3, cell: cell)) == nil)
    }

    @Test("it is looked for in the folders of PATH that are named from the root")
    func path() {
        for path in ["", "/nowhere", "usr/bin", ".:bin"] {
            #expect(SixelConverter { $0 == "PATH" ? path : nil } == nil)
        }
        #expect(SixelConverter { $0 == "PATH" ? "/nowhere:/usr/bin" : nil } != nil)
    }
}
