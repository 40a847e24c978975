// What is built into an image: its script and its version.
#pragma once

#include <string_view>

namespace embed {

// The script that the image was built with (EMBED=...); empty: none. The build makes an object of its bytes
// for each image, between embedded_script_begin and embedded_script_end.
std::string_view script();

inline constexpr std::string_view kProduct = "Sanpiper";
inline constexpr std::string_view kVersion = "0.1.0";

}  // namespace embed
