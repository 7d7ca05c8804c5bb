//! Additive stocks of one place, stage and year: what every indicator is read from.

/// Additive stocks of one place, stage and year.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Stocks {
    /// Residents of the stage's ages in households.
    pub population: f64,
    /// Births of the school year that begins.
    pub births: f64,
    /// Pupils by the area of their school.
    pub pupils: f64,
    /// Pupils by residence, those without a place included.
    pub residents: f64,
    /// Pupils in the entry grade by the area of their school.
    pub entrants: f64,
    /// Open schools.
    pub schools: f64,
    /// Of them, with fewer rooms than grades.
    pub multi_grade_schools: f64,
    /// Classes.
    pub classes: f64,
    /// Classes beyond the rooms of their school.
    pub classes_without_room: f64,
    /// Rooms that classes may use.
    pub rooms: f64,
    /// Rooms times the standard.
    pub seats: f64,
    /// Pupils of an area's schools and its residents without a place above its seats.
    pub seat_gap: f64,
    /// Pupils above the standard, school by school and grade by grade.
    pub crowding_gap: f64,
    /// Seats above the pupils, school by school.
    pub empty_seats: f64,
    /// Classes by band of the yearbooks.
    pub bands: [f64; 7],
    /// Expected oversized classes.
    pub oversized: f64,
    /// Expected super-oversized classes.
    pub super_oversized: f64,
    /// Expected pupils in oversized classes.
    pub pupils_in_oversized: f64,
    /// Pupils placed above the ceiling this year.
    pub overflow: f64,
    /// Pupils by residence without a place.
    pub unplaced: f64,
    /// Of them, entrants of this year.
    pub unplaced_entrants: f64,
    /// Pupils of public and inclusive schools of stages by rate (kindergartens).
    pub inclusive_pupils: f64,
    /// Upper secondary pupils, technical schools included (told with the first of the stages that share a source).
    pub upper_secondary: f64,
    /// Teachers by the staffing figure.
    pub teachers: f64,
    /// Investment booked in the year, yuan.
    pub investment_yuan: f64,
    /// Pupils of stages without a staffing figure.
    pub unstaffed_pupils: f64,
    /// Pupils of stages by rate.
    pub pupils_by_rate: f64,
    /// Pupils of private schools.
    pub private_pupils: f64,
    /// Rooms that are being built, those of a relocated school's new campus among them.
    pub rooms_under_construction: f64,
    /// Rooms that the city added of itself and that opened in the year.
    pub rooms_added: f64,
    /// Investment in such rooms, booked in the year before they opened, yuan.
    pub additions_yuan: f64,
    /// Such rooms, booked in the same way, whose cost is not known.
    pub rooms_added_without_cost: f64,
    /// Boarding places added since the base year.
    pub boarding_places: f64,
}

impl Stocks {
    /// Adds another place.
    pub fn add(&mut self, other: &Stocks) {
        let mut bands = self.bands;
        for (band, more) in bands.iter_mut().zip(&other.bands) {
            *band += more;
        }
        *self = Stocks {
            population: self.population + other.population,
            births: self.births + other.births,
            pupils: self.pupils + other.pupils,
            residents: self.residents + other.residents,
            entrants: self.entrants + other.entrants,
            schools: self.schools + other.schools,
            multi_grade_schools: self.multi_grade_schools + other.multi_grade_schools,
            classes: self.classes + other.classes,
            classes_without_room: self.classes_without_room + other.classes_without_room,
            rooms: self.rooms + other.rooms,
            seats: self.seats + other.seats,
            seat_gap: self.seat_gap + other.seat_gap,
            crowding_gap: self.crowding_gap + other.crowding_gap,
            empty_seats: self.empty_seats + other.empty_seats,
            bands,
            oversized: self.oversized + other.oversized,
            super_oversized: self.super_oversized + other.super_oversized,
            pupils_in_oversized: self.pupils_in_oversized + other.pupils_in_oversized,
            overflow: self.overflow + other.overflow,
            unplaced: self.unplaced + other.unplaced,
            unplaced_entrants: self.unplaced_entrants + other.unplaced_entrants,
            inclusive_pupils: self.inclusive_pupils + other.inclusive_pupils,
            upper_secondary: self.upper_secondary + other.upper_secondary,
            teachers: self.teachers + other.teachers,
            investment_yuan: self.investment_yuan + other.investment_yuan,
            unstaffed_pupils: self.unstaffed_pupils + other.unstaffed_pupils,
            pupils_by_rate: self.pupils_by_rate + other.pupils_by_rate,
            private_pupils: self.private_pupils + other.private_pupils,
            rooms_under_construction: self.rooms_under_construction
                + other.rooms_under_construction,
            rooms_added: self.rooms_added + other.rooms_added,
            additions_yuan: self.additions_yuan + other.additions_yuan,
            rooms_added_without_cost: self.rooms_added_without_cost
                + other.rooms_added_without_cost,
            boarding_places: self.boarding_places + other.boarding_places,
        };
    }
}

/// A share or a mean; `None` of nothing.
pub(super) fn ratio(numerator: f64, denominator: f64) -> Option<f64> {
    (denominator > 1e-9).then(|| numerator / denominator)
}
