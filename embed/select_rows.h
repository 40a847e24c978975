// Leaves rows out of a table while compiling, so that what only they mention is not in the image. For files that
// are compiled for each image (FW_PER_IMAGE in arch/build.mk), and for nothing else: SANPIPER_FEATURES differs between them.
#pragma once

#include <algorithm>
#include <array>
#include <span>

#include "embed/features.h"

#ifndef SANPIPER_FEATURES
#define SANPIPER_FEATURES "all"
#endif

namespace embed {
namespace {

constexpr std::string_view kSelection = SANPIPER_FEATURES;
static_assert(is_feature_selection(kSelection), "no such feature: `make list` names them");

// Which feature a row belongs to.
struct Belongs {
    std::string_view row;  // its name
    std::string_view feature;
};

constexpr bool has_row(std::span<const Belongs> optional, std::string_view row) {
    auto found = std::ranges::find(optional, row, &Belongs::row);
    return found == optional.end() || has_feature(kSelection, found->feature);
}

// The rows of `table` that are not optional, or belong to a feature that the image has. Rows have a `name`.
template <const auto& table, const auto& optional>
consteval auto select_rows() {
    constexpr auto keep = [](const auto& row) { return has_row(optional, row.name); };
    std::array<std::remove_cvref_t<decltype(table[0])>, std::ranges::count_if(table, keep)> chosen{};
    std::ranges::copy_if(table, chosen.begin(), keep);
    return chosen;
}

// What of `optional` the image lacks.
template <const auto& optional>
consteval auto missing_rows() {
    constexpr auto lacks = [](const Belongs& row) { return !has_feature(kSelection, row.feature); };
    std::array<Belongs, std::ranges::count_if(optional, lacks)> missing{};
    std::ranges::copy_if(optional, missing.begin(), lacks);
    return missing;
}

}  // namespace
}  // namespace embed
