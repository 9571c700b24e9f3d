/**
 * A distance in estimated standard deviations, shortened to what it would be worth if mean and standard
 * deviation were known exactly. While few values are known a large distance is less surprising than it
 * looks, and detectors that ignore it raise most of their false alarms when they are young.
 *
 * Prediction from n normal values follows Student's t with n − 1 degrees of freedom after division by
 * √(1 + 1/n); t is turned into a normal deviate by D. L. Wallace, "Bounds on Normal Approximations to
 * Student's and the Chi-Square Distributions", Annals of Mathematical Statistics 30 (1959) 1121–1130:
 * z = (8ν + 1)/(8ν + 3) · √(ν ln(1 + t²/ν)).
 *
 * @param distance In standard deviations, signed.
 * @param count Independent values the mean and the standard deviation were estimated from, 2 or more.
 */
export function surprise(distance: number, count: number): number {
  const freedom = count - 1
  const square = (distance * distance) / (1 + 1 / count)
  const deviate = ((8 * freedom + 1) / (8 * freedom + 3)) * Math.sqrt(freedom * Math.log1p(square / freedom))
  return distance < 0 ? -deviate : deviate
}
