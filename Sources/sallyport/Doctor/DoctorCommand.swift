struct DoctorCommand { static func perform(_ arguments: ArraySlice<String>) throws -> Int32 { 0 } }
