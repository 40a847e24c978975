// What is built into an image: its script, whom it trusts, and its version.
#pragma once

#include <string_view>

namespace embed {

// The script that the image was built with (EMBED=...) or got later (util/tools/sanpiper_image.cc); empty: none. At
// embedded_script is its size, of 32 bits, and then the script.
std::string_view script();

// Certificates that the image trusts (TRUST=...): DER, one after the other. At embedded_trust, likewise.
std::string_view trust();

inline constexpr std::string_view kProduct = "Sanpiper";
inline constexpr std::string_view kVersion = "0.1.0";
// To HTTP servers. Programs behind them look for the second name, to answer with a script.
inline constexpr std::string_view kUserAgent = "Sanpiper/0.1.0 iPXE/1.21.1";

}  // namespace embed
