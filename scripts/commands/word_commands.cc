// calc, is, substr, match, replace, json: computing with settings. None is known to the established firmware.
#include <algorithm>
#include <array>

#include "scripts/commands/table.h"
#include "scripts/fetching.h"
#include "scripts/system.h"
#include "scripts/words/expression.h"
#include "scripts/words/json.h"
#include "scripts/words/pattern.h"

namespace scripts {

namespace {

constexpr std::size_t kMostStars = 16;  // that settings are for
constexpr util::Failure kNotTrue{util::code::kScript + 230, "it is not so"};
constexpr util::Failure kNoMatch{util::code::kScript + 231, "the text does not match"};
constexpr util::Failure kMoreSettingsThanStars{util::code::kScript + 232, "there are more settings than stars in the pattern"};
constexpr util::Failure kNotWholeNumber{util::code::kScript + 233, "not a whole number"};

// Of the words from the given one on. A failure is about the rest of the expression, and said also when the script goes on.
util::Result<std::int64_t> evaluate_words(Invocation& call, std::size_t from) {
    util::String text = TRY(call.joined(from));
    std::string_view rest = text.view();
    auto value = evaluate(rest);
    if (value.ok()) return value;
    if (!rest.empty()) call.about(rest);
    call.system.engine.report_as(Report::Loud);
    return value.failure();
}

util::Result<std::int64_t> number(Invocation& call, std::size_t argument) {
    auto value = parse_signed(call.argument(argument));
    if (value) return *value;
    call.about(call.argument(argument));
    return kNotWholeNumber;
}

util::Result<Pattern> pattern(Invocation& call, std::size_t argument, LetterCase letter_case) {
    auto parsed = Pattern::parse(call.argument(argument), letter_case);
    if (parsed.ok()) return parsed;
    call.about(call.argument(argument));
    call.system.engine.report_as(Report::Loud);
    return parsed.failure();
}

// "machine.json:3:7": line and byte, from 1.
void about_place(Invocation& call, const Image& image, std::size_t at) {
    std::string_view before = image.content().substr(0, at);
    auto lines = static_cast<unsigned>(std::count(before.begin(), before.end(), '\n'));
    std::size_t line_begin = before.rfind('\n') + 1;  // npos + 1: the first line
    util::Text<160> place;
    place.text(image.name()).character(':').decimal(lines + 1).character(':').decimal(at - line_begin + 1);
    call.about(place.view());
}

util::Result<std::string_view> find_json(Invocation& call, Image& image) {
    std::size_t wrong_at = 0;
    auto json = Json::parse(image.content(), wrong_at);
    if (!json.ok()) {
        about_place(call, image, wrong_at);
        return json.failure();
    }
    std::string_view path = call.arguments[2];
    call.about(path);
    std::string_view value = TRY(json.value().find(path));
    if (util::equal(value, "null")) return kJsonAbsent;
    return value;
}

}  // namespace

util::Result<void> run_calc(Invocation& call) {
    call.about(call.arguments[0]);
    std::int64_t value = TRY(evaluate_words(call, 1));
    util::Text<24> text;
    return call.system.settings.set(call.arguments[0], text.format("%ld", value).view());
}

util::Result<void> run_is(Invocation& call) {
    return TRY(evaluate_words(call, 0)) ? util::Result<void>() : kNotTrue;
}

// Negative numbers count from the end, as bash has it.
util::Result<void> run_substr(Invocation& call) {
    call.about(call.arguments[0]);
    std::string_view text = call.arguments[1];
    auto size = static_cast<std::int64_t>(text.size());
    std::int64_t begin = TRY(number(call, 2));
    begin = std::clamp(begin < 0 ? begin + size : begin, std::int64_t{0}, size);
    std::int64_t length = size - begin;
    if (call.arguments.size() > 3) length = TRY(number(call, 3));
    length = std::clamp(length < 0 ? length + size - begin : length, std::int64_t{0}, size - begin);
    return call.system.settings.set(call.arguments[0], text.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(length)));
}

util::Result<void> run_match(Invocation& call) {
    Pattern wanted = TRY(pattern(call, 0, call.has("ignore-case") ? LetterCase::Ignored : LetterCase::Heeded));
    auto names = call.arguments.subspan(2);
    std::array<std::string_view, kMostStars> stars;
    if (names.size() > std::min(wanted.stars(), kMostStars)) {
        call.system.engine.report_as(Report::Loud);
        return kMoreSettingsThanStars;
    }
    if (!wanted.matches(call.arguments[1], stars)) return kNoMatch;
    for (std::size_t i = 0; i < names.size(); ++i) {
        call.about(names[i]);
        TRY(call.system.settings.set(names[i], stars[i]));
    }
    return {};
}

util::Result<void> run_replace(Invocation& call) {
    call.about(call.arguments[0]);
    Pattern wanted = TRY(pattern(call, 2, LetterCase::Heeded));
    util::String result;
    TRY(wanted.replace(call.arguments[1], call.argument(3), Settings::kLongestValue, result));
    return call.system.settings.set(call.arguments[0], result.view());
}

util::Result<void> run_json(Invocation& call) {
    call.about(call.arguments[1]);
    Image* image = call.system.images.find(call.arguments[1]);
    if (!image) image = TRY(fetch_image(call.system, call.arguments[1], {}));
    image->set_aside();
    std::string_view value = TRY(find_json(call, *image));
    util::String text;
    TRY(call.has("keys") ? Json::append_keys(value, text) : Json::append_text(value, text));
    call.about(call.arguments[0]);
    return call.system.settings.set(call.arguments[0], text.view());
}

}  // namespace scripts
