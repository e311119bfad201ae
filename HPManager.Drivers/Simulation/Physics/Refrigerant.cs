namespace HPManager.Drivers.Simulation.Physics;

/// <summary>Propane (R290): saturation pressure by the Antoine equation with the coefficients of the NIST Chemistry WebBook, 230.6 to 320.7 K.</summary>
internal static class Refrigerant
{
    private const double A = 3.98292;
    private const double B = 819.296;
    private const double C = -24.417;
    private const double Kelvin = 273.15;

    /// <summary>Absolute pressure in bar at a saturation temperature in °C.</summary>
    public static double Pressure(double celsius) => Math.Pow(10, A - (B / (celsius + Kelvin + C)));
}
