import Glibc
import TerminalScreen

/// Makes sixels of a picture's file, by libsixel's program `img2sixel`. Decision 12 says why by a program.
final class SixelConverter: Sendable {
    /// What is to be made.
    struct Request: Sendable, Hashable {
        /// The picture's file: by its name it is known what is in it.
        var path: String
        /// The cells that it takes.
        var columns: Int
        /// The cells that it takes.
        var rows: Int
        /// The pixels of one.
        var cell: PixelSize
    }

    /// What it is called, and what has it on Debian.
    static let (name, package) = ("img2sixel", "libsixel-bin")

    /// Most pixels of a picture: three bytes each, some times over, have to fit into the memory limit.
    private static let maximumPixels = 32 << 20
    private static let limits = BoundedProgram.Limits(
        seconds: 10, memory: 512 << 20, output: PictureProtocol.maximumBytes)

    private let program: BoundedProgram

    /// Looks for the program; `nil` if it is not installed.
    init?(environment: (String) -> String?) {
        guard let path = SearchPath.find(Self.name, environment: environment) else { return nil }
        program = BoundedProgram(path: path, limits: Self.limits)
    }

    /// Ends what runs; from now on every picture fails.
    func stop() { program.stop() }

    /// Makes one, which takes some hundredths of a second up to seconds.
    ///
    /// - Returns: `nil` if the file is no picture that can be read.
    func picture(_ request: Request) -> SixelPicture? {
        let file = open(request.path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        guard let bytes = try? FileText.bytes(file, named: request.path, limit: PictureProtocol.maximumBytes),
            let header = PictureHeader(bytes), PictureProtocol.sixel.takes(header.kind),
            header.width * header.height <= Self.maximumPixels, lseek(file, 0, SEEK_SET) == 0
        else { return nil }
        let size = header.sixels(columns: request.columns, rows: request.rows, cell: request.cell)
        // The first picture of a GIF that moves; the file is standard input, so that its name is no option.
        let arguments = ["--static", "--width=\(size.width)px", "--height=\(size.height)px"]
        guard let made = program.run(arguments, input: file) else { return nil }
        return SixelPicture(made, size: size)
    }
}
