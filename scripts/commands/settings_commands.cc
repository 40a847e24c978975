// set, clear, show, read, inc, isset, iseq: the commands about settings.
#include "scripts/commands/table.h"
#include "scripts/system.h"

namespace scripts {

using namespace std::string_view_literals;

inline constexpr util::Failure kNotSet{util::code::kScript + 32, "not set"};
inline constexpr util::Failure kNotEqual{util::code::kScript + 33, "the values differ"};

util::Result<void> run_set(Invocation& call) {
    call.about(call.arguments[0]);
    return call.system.settings.set(call.arguments[0], TRY(call.joined(1)).view());
}

util::Result<void> run_clear(Invocation& call) {
    call.about(call.arguments[0]);
    return call.system.settings.clear(TRY(SettingReference::parse(call.arguments[0])));
}

util::Result<void> run_show(Invocation& call) {
    call.about(call.arguments[0]);
    auto reference = TRY(SettingReference::parse(call.arguments[0]));
    SettingValue value;
    if (!TRY(call.system.settings.fetch(reference, value))) return kNotSet;
    util::String text;
    TRY(format_setting(value.type, value.bytes.view(), text));
    std::string_view scope = value.scope.view(), type = to_text(value.type), shown = text.view();
    util::print("%v%s%v:%v = %v\n", &scope, scope.empty() ? "" : "/", &reference.name, &type, &shown);
    return {};
}

// What is there may be edited, behind whatever "echo -n" has written.
util::Result<void> run_read(Invocation& call) {
    call.about(call.arguments[0]);
    System& system = call.system;
    auto reference = TRY(SettingReference::parse(call.arguments[0]));
    std::uint64_t timeout = call.number("timeout", 0);
    measure_row();
    std::size_t behind = written_columns() % row_columns();
    if (behind + kFewestColumns > row_columns()) {
        util::put("\n"sv);
        behind = 0;
    }
    note_written("\n");
    LineEditor editor(system.loop, behind);
    TRY(editor.edit(system.settings.text(call.arguments[0]),
                    timeout ? system.loop.now() + util::Duration::milliseconds(static_cast<std::int64_t>(timeout)) : util::Instant::never()));
    return system.settings.set(reference, editor.line());
}

util::Result<void> run_inc(Invocation& call) {
    call.about(call.arguments[0]);
    std::string_view step = call.arguments.size() > 1 ? call.arguments[1] : "1"sv;
    auto increment = setting_number(SettingType::String, step);
    auto reference = TRY(SettingReference::parse(call.arguments[0]));
    SettingValue value;
    value.type = SettingType::Int32;
    bool found = TRY(call.system.settings.fetch(reference, value));
    auto number = found ? setting_number(value.type, value.bytes.view()) : 0;
    if (!number || !increment) return kNotNumber;
    util::Text<16> text;
    reference.type = found ? value.type : SettingType::Int32;
    return call.system.settings.set(reference, text.format("%ld", *number + *increment).view());
}

util::Result<void> run_isset(Invocation& call) {
    if (call.argument(0).empty()) return kNotSet;
    return {};
}

util::Result<void> run_iseq(Invocation& call) {
    if (call.arguments[0] != call.arguments[1]) return kNotEqual;
    return {};
}

}  // namespace scripts
