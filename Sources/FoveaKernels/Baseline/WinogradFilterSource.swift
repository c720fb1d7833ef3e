import FoveaCompute

/// Where the filters of a convolution by Winograd come from, whose filters are streamed.
enum WinogradFilterSource {
    /// The same for all pictures.
    case stored(Place)
    /// Mixed for each picture.
    case mixed(DynamicProduct, DynamicProduct.Sources)
}
