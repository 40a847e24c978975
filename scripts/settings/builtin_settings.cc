#include "scripts/settings/builtin_settings.h"

#include <platform/boot.h>

#include "embed/embed.h"
#include "scripts/system.h"

namespace scripts {

using namespace std::string_view_literals;

static std::string_view as_text(const util::Be32& number) {
    return {reinterpret_cast<const char*>(&number), sizeof number};
}

util::Result<bool> BuiltinScope::fetch(const SettingReference& reference, SettingValue& value) {
    util::Be32 number;
    std::string_view name = reference.name, bytes;
    if (util::equal(name, "buildarch")) bytes = "i386"sv;
    if (util::equal(name, "platform")) bytes = "pcbios"sv;
    if (util::equal(name, "version")) bytes = embed::kVersion;
    if (util::equal(name, "error")) bytes = system_.engine.last_error();
    if (util::equal(name, "errno")) {
        number = system_.engine.last_failure() ? system_.engine.last_failure()->code : 0;
        bytes = as_text(number);
    }
    if (util::equal(name, "memsize")) {
        number = static_cast<std::uint32_t>(platform::memory_size() >> 20);
        bytes = as_text(number);
    }
    const NamedSetting* known = reference.known;
    if (known && known->home == SettingHome::Builtin && known->live) return known->live(&system_, nullptr, value);
    TRY(value.bytes.append(bytes));
    return !bytes.empty();
}

}  // namespace scripts
