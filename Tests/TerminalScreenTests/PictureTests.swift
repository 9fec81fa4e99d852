import TerminalScreen
import Testing

@Suite("Pictures on a terminal")
struct PictureTests {
    @Test(
        "the terminal's kind is read from the environment, and nothing is sent through tmux",
        arguments: [
            (["KITTY_WINDOW_ID": "1", "TERM": "xterm-kitty"], PictureProtocol.kitty),
            (["TERM": "xterm-ghostty"], .kitty),
            (["TERM_PROGRAM": "iTerm.app"], .iTerm2), (["TERM_PROGRAM": "WezTerm"], .iTerm2),
            (["LC_TERMINAL": "iTerm2", "TERM": "xterm-256color"], .iTerm2), (["TERM": "xterm-256color"], nil),
            ([:], nil),
            (["KITTY_WINDOW_ID": "1", "TMUX": "/tmp/tmux-0/default"], nil),
            (["TERM_PROGRAM": "WezTerm", "TERM": "screen"], nil),
        ] as [([String: String], PictureProtocol?)])
    func detection(_ environment: [String: String], _ expected: PictureProtocol?) {
        #expect(PictureProtocol { environment[$0] } == expected)
    }

    static let files: [([UInt8], PictureHeader.Kind, Int, Int)] = [
        (
            [
                0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 6, 64, 0, 0,
                3, 132,
            ],
            .png, 1_600, 900
        ),
        (Array("GIF89a".utf8) + [0x40, 0x01, 0xF0, 0x00], .gif, 320, 240),
        (
            [
                0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xC4, 0, 3, 9, 0xFF, 0xC2, 0, 17, 8, 0x01, 0x68, 0x02, 0x80,
                3, 1, 1,
            ],
            .jpeg, 640, 360
        ),
        (
            Array("RIFF????WEBPVP8X".utf8) + [10, 0, 0, 0, 0, 0, 0, 0, 0x7F, 0x02, 0, 0x67, 0x01, 0], .webp, 640, 360
        ),
        (
            Array("RIFF????WEBPVP8 ".utf8) + [0, 0, 0, 0, 0, 0, 0, 0x9D, 0x01, 0x2A, 0x80, 0x02, 0x68, 0x01], .webp,
            640, 360
        ),
    ]

    @Test("the size is read from each kind of file, and no cut file fails", arguments: files)
    func headers(_ file: [UInt8], _ kind: PictureHeader.Kind, _ width: Int, _ height: Int) {
        let header = PictureHeader(file)
        #expect(header?.kind == kind && header?.width == width && header?.height == height)
        for length in 0..<file.count { _ = PictureHeader(Array(file.prefix(length))) }
        #expect(PictureHeader(Array("<svg/>".utf8)) == nil)
    }

    @Test("a picture keeps its shape within its room")
    func cells() throws {
        let header = try #require(PictureHeader(Self.files[0].0))
        #expect(header.cells(columns: 76, rows: 40, aspect: 2) == (76, 21))
        #expect(header.cells(columns: 76, rows: 10, aspect: 2) == (35, 10))
        #expect(header.cells(columns: 1, rows: 1, aspect: 2) == (1, 1))
    }

    @Test("as sixels it keeps its shape, is never blown up, and ends with a band")
    func sixels() throws {
        let header = try #require(PictureHeader(Self.files[0].0))
        let cell = PixelSize(width: 10, height: 20)
        #expect(header.sixels(columns: 76, rows: 21, cell: cell) == PixelSize(width: 746, height: 420))
        #expect(header.sixels(columns: 76, rows: 10, cell: cell) == PixelSize(width: 352, height: 198))
        #expect(header.sixels(columns: 500, rows: 500, cell: cell) == PixelSize(width: 1_600, height: 900))
        #expect(
            header.sixels(columns: 1, rows: 1, cell: PixelSize(width: 1, height: 1)) == PixelSize(width: 1, height: 1))
        for kind in [PictureHeader.Kind.png, .jpeg, .gif] { #expect(PictureProtocol.sixel.takes(kind)) }
        #expect(!PictureProtocol.sixel.takes(.webp))
    }

    @Test("kitty gets PNG in pieces of at most 4096 bytes, and the last says so")
    func kitty() {
        let file = Array(repeating: UInt8(0x41), count: 7_000)
        let text = PictureProtocol.kitty.show(file, at: .init(column: 2, row: 3), columns: 10, rows: 4)
        #expect(text.hasPrefix("\u{1B}7\u{1B}[4;3H\u{1B}_Ga=T,f=100,C=1,q=2,c=10,r=4,m=1;QUFB"))
        #expect(text.hasSuffix("\u{1B}\\\u{1B}8"))
        let pieces = text.split(separator: "\u{1B}_G").dropFirst()
        #expect(pieces.count == 3)
        #expect(pieces.allSatisfy { $0.utf8.count < 4_200 })
        #expect(pieces.map { $0.contains("m=1;") } == [true, true, false])
        #expect(!PictureProtocol.kitty.takes(.jpeg) && PictureProtocol.kitty.takes(.png))
    }

    @Test("iTerm2 gets the file with its size in cells")
    func iTerm2() {
        let text = PictureProtocol.iTerm2.show(Array("hello".utf8), at: .init(column: 0, row: 0), columns: 10, rows: 4)
        #expect(
            text
                == "\u{1B}7\u{1B}[1;1H\u{1B}]1337;File=size=5;width=10;height=4;preserveAspectRatio=1;inline=1:aGVsbG8=\u{7}\u{1B}8"
        )
    }
}
