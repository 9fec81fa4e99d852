/// A size in pixels.
public struct PixelSize: Sendable, Hashable {
    /// Pixels across.
    public var width: Int
    /// Pixels down.
    public var height: Int

    /// Makes a size.
    public init(width: Int, height: Int) { (self.width, self.height) = (width, height) }

    /// The size of a cell; `nil` if a terminal says nonsense: a side of no pixels, or of more than 128.
    public init?(cellOfWidth width: Int, height: Int) {
        guard (1...128).contains(width), (1...128).contains(height) else { return nil }
        self.init(width: width, height: height)
    }

    /// A cell of a terminal that does not say: a small one, so that a picture ends within its cells rather than beyond.
    public static let smallCell = PixelSize(width: 8, height: 16)
}

extension PictureHeader {
    /// The pixels of it that are drawn as sixels in a room of cells: its shape, never larger than it is, in whole bands of
    /// six rows if it has one, since terminals differ in how far a part of a band reaches.
    public func sixels(columns: Int, rows: Int, cell: PixelSize) -> PixelSize {
        let (across, down) = (columns * cell.width, rows * cell.height)
        let high = min(height, down, across * height / width)
        let bands = high < SixelPicture.band ? max(1, high) : high - high % SixelPicture.band
        return PixelSize(width: max(1, min(width, across, width * bands / height)), height: bands)
    }
}
