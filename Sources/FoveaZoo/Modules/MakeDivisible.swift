/// timm's `make_divisible` (timm/layers/helpers.py): the multiple of `divisor` nearest to `value`, at least `minimum`, and one more where
/// that would be less than `roundLimit` of what was asked for.
func makeDivisible(_ value: Double, by divisor: Int, atLeast minimum: Int, roundLimit: Double = 0.9) -> Int {
    let rounded = max(minimum, Int(value + Double(divisor) / 2) / divisor * divisor)
    return Double(rounded) < roundLimit * value ? rounded + divisor : rounded
}
