// What headers of the C++ library call when their arguments are wrong. Not in runtime/, so that it is optimised with the rest: the
// callers' texts, which nobody would read, go.
#include "util/panic.h"

namespace std {
[[noreturn]] void __throw_out_of_range_fmt(const char*, ...) { util::panic("std: out of range"); }
[[noreturn]] void __throw_out_of_range(const char*) { util::panic("std: out of range"); }
[[noreturn]] void __throw_length_error(const char*) { util::panic("std: length"); }
[[noreturn]] void __throw_logic_error(const char*) { util::panic("std: logic"); }
[[noreturn]] void __throw_bad_variant_access(const char*) { util::panic("std: wrong variant"); }
[[noreturn]] void __glibcxx_assert_fail(const char*, int, const char*, const char*) noexcept { util::panic("std: assertion"); }
}  // namespace std

