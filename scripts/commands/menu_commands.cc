// menu, form, item, choose, present, login, colour, cpair: dialogs with the person in front of the machine.
#include "scripts/commands/table.h"
#include "scripts/keys.h"
#include "scripts/menus/form_screen.h"
#include "scripts/menus/menu_screen.h"
#include "scripts/system.h"

namespace scripts {

namespace {

constexpr util::Failure kNoSuchColour{util::code::kScript + 106, "there is no such colour or colour pair"};

util::Result<void> create(Invocation& call) {
    std::string_view name = call.text("name");
    if (call.has("delete")) {
        call.system.dialogs.remove(name);
        return {};
    }
    util::String title = TRY(call.joined(0));
    TRY(call.system.dialogs.create(name))->title = std::move(title);
    return {};
}

util::Result<Dialog*> find(Invocation& call, const char* option) {
    Dialog* dialog = call.system.dialogs.find(call.text(option));
    if (!dialog) return kNoSuchDialog;
    return dialog;
}

util::Duration milliseconds(Invocation& call, const char* option) {
    return util::Duration::milliseconds(static_cast<std::int64_t>(call.number(option, 0)));
}

// Asks for the fields' values and sets what was typed.
util::Result<void> present(System& system, const Dialog& form) {
    Screen screen(system.palette, form.title, system.engine.take_unseen_error());
    FormScreen fields(system.loop, screen);
    for (const DialogItem& item : form.items) TRY(fields.add_field(item, system.settings.text(item.name)));
    TRY(fields.edit());
    for (std::size_t i = 0; i < form.items.size(); ++i) {
        if (form.items[i].is_gap()) continue;
        TRY(system.settings.set(form.items[i].name.view(), fields.value(i)));
    }
    return {};
}

util::Result<void> add_item(Dialog& form, std::string_view setting, std::string_view text, bool is_secret) {
    DialogItem item;
    TRY(item.name.assign(setting));
    TRY(item.text.assign(text));
    item.is_secret = is_secret;
    return form.add(std::move(item));
}

}  // namespace

util::Result<void> run_menu(Invocation& call) { return create(call); }

util::Result<void> run_form(Invocation& call) { return create(call); }

util::Result<void> run_item(Invocation& call) {
    call.about(call.argument(0));
    Dialog& dialog = *TRY(find(call, call.has("menu") ? "menu" : "form"));
    DialogItem item;
    bool is_gap = call.has("gap");
    if (!is_gap) TRY(item.name.assign(call.argument(0)));
    item.text = TRY(call.joined(is_gap ? 0 : 1));
    if (call.has("key")) {
        item.key = parse_key(call.text("key"));
        if (item.key == platform::kNoKey) return kBadOptionValue;
    }
    item.is_default = call.has("default");
    item.is_secret = call.has("secret");
    return dialog.add(std::move(item));
}

util::Result<void> run_choose(Invocation& call) {
    call.about(call.arguments[0]);
    System& system = call.system;
    auto reference = TRY(SettingReference::parse(call.arguments[0]));
    auto found = find(call, "menu");
    if (!found.ok()) system.engine.report_as(Report::Loud);
    Dialog& menu = *TRY(std::move(found));
    using enum MenuScreen::Countdown::AfterKey;
    MenuScreen::Countdown countdown{milliseconds(call, "timeout"), call.has("strict") ? GoesOn : StartsAgain,
                                    milliseconds(call, "retimeout")};
    util::Result<const DialogItem*> chosen = kNothingChosen;
    {
        Screen screen(system.palette, menu.title, system.engine.take_unseen_error());
        chosen = MenuScreen(system.loop, screen, menu).choose(call.text("default"), countdown);
    }
    auto result = chosen.ok() ? system.settings.set(reference, chosen.value()->name) : util::Result<void>(chosen.failure());
    if (!result.ok() && &result.failure() == &kNothingToChoose) system.engine.report_as(Report::Loud);
    if (!call.has("keep")) system.dialogs.remove(call.text("menu"));
    return result;
}

util::Result<void> run_present(Invocation& call) {
    call.about(call.text("form"));
    auto result = present(call.system, *TRY(find(call, "form")));
    if (!call.has("keep")) call.system.dialogs.remove(call.text("form"));
    return result;
}

util::Result<void> run_login(Invocation& call) {
    Dialog form;
    form.title = TRY(call.joined(0));
    if (form.title.empty()) TRY(form.title.assign("Login"));
    TRY(add_item(form, "username", "Username", false));
    TRY(add_item(form, "password", "Password", true));
    return present(call.system, form);
}

util::Result<void> run_colour(Invocation& call) {
    call.about(call.arguments[0]);
    auto number = util::parse_integer(call.arguments[0]);
    std::uint64_t basic = call.number("basic", Palette::kConsole);
    std::uint64_t rgb = call.number("rgb", 0);
    if (!number || *number >= Palette::kColours || !Palette::is_basic(basic) || rgb >= Palette::kHasRgb) return kNoSuchColour;
    Palette& palette = call.system.palette;
    palette.colours[*number] = static_cast<std::uint8_t>(basic);
    palette.rgb[*number] = call.has("rgb") ? static_cast<std::uint32_t>(rgb) | Palette::kHasRgb : 0;
    return {};
}

util::Result<void> run_cpair(Invocation& call) {
    call.about(call.arguments[0]);
    auto number = util::parse_integer(call.arguments[0]);
    std::uint64_t foreground = call.number("foreground", Palette::kConsole), background = call.number("background", Palette::kConsole);
    if (!number || *number >= Palette::kPairs || foreground >= Palette::kColours || background >= Palette::kColours)
        return kNoSuchColour;
    Palette& palette = call.system.palette;
    palette.pairs[*number] = {static_cast<std::uint8_t>(foreground), static_cast<std::uint8_t>(background)};
    if (*number) return {};
    // What is written from now on.
    util::Text<64> text;
    palette.append(text, Pair::Default);
    platform::console_write(text.view());
    return {};
}

}  // namespace scripts
