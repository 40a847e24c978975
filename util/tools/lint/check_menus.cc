// Menus and forms: their items, what is chosen, and what becomes of it.
#include <algorithm>
#include <map>
#include <set>

#include "util/tools/lint/findings.h"
#include "util/tools/lint/script.h"
#include "util/tools/lint/words.h"

namespace lint {

namespace {

struct Item {
    std::string label, key;
    unsigned line;
};

struct Menu {
    unsigned line = 0;
    std::vector<Item> items;
    bool is_shown = false;
};

// An option's value; empty: it is not there.
std::string option(const Call& call, std::string_view name, char letter) {
    for (std::size_t i = 1; i < call.words.size(); ++i) {
        const std::string& word = call.words[i];
        if (word == "--" || !word.starts_with('-')) break;
        bool is_long = word == "--" + std::string(name), is_short = letter && word.size() == 2 && word[1] == letter;
        if ((is_long || is_short) && i + 1 < call.words.size()) return call.words[i + 1];
        if (word.starts_with("--" + std::string(name) + "=")) return word.substr(name.size() + 3);
    }
    return {};
}

bool has_flag(const Call& call, std::string_view name, char letter) {
    return std::ranges::any_of(call.words, [&](const std::string& word) {
        return word == "--" + std::string(name) || (word.size() == 2 && word[0] == '-' && word[1] == letter);
    });
}

class Menus {
  public:
    Menus(const Script& script, Report& report) : script_(script), report_(report) {}

    void take(const Call& call, const Line& in) {
        unsigned line = in.number;
        if (call.is("menu") || call.is("form")) begin(call, line);
        if (call.is("item")) add(call, line);
        if (call.is("choose")) choose(call, in);
        if (call.is("present")) menus_[option(call, "form", 'f')].is_shown = true, shown_.insert(option(call, "form", 'f'));
    }
    void end() {
        for (const auto& [name, menu] : menus_)
            if (!shown_.contains(name) && !menu.items.empty() && !shown_.contains("*") && menu.line)
                report_.add("menu-unshown", menu.line, "nothing shows this: a menu needs choose, a form needs present");
    }

  private:
    void begin(const Call& call, unsigned line) {
        if (has_flag(call, "delete", 'd')) return;
        menus_[option(call, "name", 'n')] = Menu{line, {}};
    }

    void add(const Call& call, unsigned line) {
        std::string menu = option(call, "menu", 'm'), form = option(call, "form", 'f');
        Menu& owner = menus_[menu.empty() ? form : menu];
        if (has_flag(call, "gap", 'g') || call.arguments.empty()) return;
        std::string key = option(call, "key", 'k');
        for (const Item& other : owner.items)
            if (!key.empty() && other.key == key && other.label != call.arguments[0] && !is_dynamic(key) && !is_conditional(call))
                report_.add("duplicate-key", line, "key " + key + " is that of item " + other.label + " in line " + std::to_string(other.line) + " already");
        owner.items.push_back({call.arguments[0], is_conditional(call) ? "" : key, line});
    }

    static bool is_conditional(const Call& call) { return call.before != scripts::WordKind::Then; }

    void choose(const Call& call, const Line& in) {
        unsigned line = in.number;
        std::string name = option(call, "menu", 'm');
        shown_.insert(is_dynamic(name) ? "*" : name);
        if (call.arguments.empty() || is_dynamic(call.arguments[0])) return;
        std::string_view setting = call.arguments[0];
        setting = setting.substr(0, setting.find(':'));
        if (!script_.mentions(setting)) report_.add("unused-choice", line, "nothing looks at ${" + std::string(setting) + "}, what is chosen here");
        const Menu& menu = menus_[name];
        if (menu.items.empty()) return;
        check_default(menu, option(call, "default", 'd'), line);
        if (goes_to(setting, in)) check_targets(menu, setting);
    }

    void check_default(const Menu& menu, const std::string& label, unsigned line) {
        if (label.empty() || is_dynamic(label)) return;
        for (const Item& item : menu.items)
            if (could_be(item.label, label)) return;
        report_.add("menu-default", line, "choose --default " + label + ": the menu has no such item");
    }

    // Whether the script goes on at the label that was chosen, and does nothing else with it. What follows up to the next label
    // tells; "goto ${x} ||" goes on by itself.
    bool goes_to(std::string_view setting, const Line& chosen_in) const {
        const Call* target = nullptr;
        const Call* behind_target = nullptr;
        for (const Line* line = &chosen_in; line != script_.lines.data() + script_.lines.size(); ++line) {
            if (line != &chosen_in && !line->label.empty()) break;
            for (const Call& call : line->calls) {
                if (call.is("goto") && !call.arguments.empty() && sole_setting(call.arguments[0]) == setting) {
                    target = &call;
                    behind_target = &call == &line->calls.back() ? nullptr : &call + 1;
                } else if (!call.is("iseq") && !call.is("isset") && !call.is("echo") && reads(call, setting)) {
                    return false;
                }
            }
            if (target) break;
        }
        return target && !(behind_target && behind_target->words.empty());
    }

    static bool reads(const Call& call, std::string_view setting) {
        for (const std::string& word : call.words)
            for (const Expansion& expansion : expansions(word))
                if (expansion.name == setting) return true;
        return false;
    }

    // "iseq ${selected} exit && ..." takes care of an item without a label.
    bool is_compared(std::string_view setting, std::string_view label) const {
        for (const Line& line : script_.lines)
            for (const Call& call : line.calls)
                if (call.is("iseq") && call.arguments.size() == 2)
                    for (int i : {0, 1})
                        if (sole_setting(call.arguments[static_cast<std::size_t>(i)]) == setting && call.arguments[static_cast<std::size_t>(1 - i)] == label)
                            return true;
        return false;
    }

    void check_targets(const Menu& menu, std::string_view setting) {
        if (script_.is_template) return;
        for (const Item& item : menu.items) {
            if (is_dynamic(item.label) || script_.defines(item.label) || is_compared(setting, item.label)) continue;
            report_.add("item-target", item.line, "item " + item.label + ": goto ${" + std::string(setting) + "} finds no such label");
        }
    }

    const Script& script_;
    Report& report_;
    std::map<std::string, Menu> menus_;
    std::set<std::string> shown_;
};

}  // namespace

void check_menus(const Script& script, Report& report) {
    Menus menus(script, report);
    for (const Line& line : script.lines)
        for (const Call& call : line.calls) menus.take(call, line);
    menus.end();
}

}  // namespace lint
