// ACPI, as far as switching off needs it: FADT and the DSDT's \_S5 object.
#pragma once

#include <cstdint>
#include <optional>

namespace arch {

struct AcpiSoftOff {
    std::uint16_t pm1a_control, pm1b_control;  // ports; the second may be 0
    std::uint16_t smi_command;                 // port, 0 when ACPI is always on
    std::uint8_t acpi_enable;                  // what to write there
    std::uint8_t type_a, type_b;               // SLP_TYPx of S5
};

// Nothing when the machine has no ACPI or its tables do not say.
std::optional<AcpiSoftOff> acpi_soft_off();

}  // namespace arch
