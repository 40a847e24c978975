// What an image can be made of and what scripts can say, as JSON: commands, settings, types, image formats, URI schemes,
// features, drivers. tests/rules/docs makes pages of it (`make docs`).
#include "drivers/chips.h"
#include "embed/features.h"
#include "util/tools/reference/print.h"

namespace {

void print_features() {
    reference::print_array(embed::kFeatures, [](reference::Row& row, const embed::Feature& feature) {
        row.text("name", feature.name);
        row.text("help", feature.help);
    });
}

void print_chips() {
    reference::print_array(drivers::kChips, [](reference::Row& row, const drivers::Chip& chip) {
        row.text("driver", chip.driver);
        row.text("name", chip.name);
        row.number("vendor", chip.vendor);
        row.number("device", chip.device);
    });
}

struct Table {
    const char* name;
    void (*print)();
};

constexpr Table kTables[] = {
    {"commands", reference::print_commands}, {"settings", reference::print_settings},
    {"types", reference::print_types},       {"scopes", reference::print_scopes},
    {"formats", reference::print_formats},
    {"schemes", reference::print_schemes},   {"san_schemes", reference::print_san_schemes},
    {"features", print_features},            {"chips", print_chips},
};

}  // namespace

int main() {
    const char* separator = "{\n";
    for (const Table& table : kTables) {
        std::printf("%s\"%s\": ", separator, table.name);
        table.print();
        separator = ",\n";
    }
    std::puts("\n}");
}
