#include "mote/compiler/emit/layout.h"

#include <algorithm>
#include <cctype>

#include "mote/support/cat.h"

namespace mote::emit {
namespace {

enum Kind : std::uint8_t { kPlain, kZephyr, kPlatformIo, kArduino, kEspIdf };
constexpr Layout kLayouts[] = {
    {"plain", "any build: sources only"},       {"zephyr", "Zephyr, as a module"},
    {"platformio", "PlatformIO, as a library"}, {"arduino", "Arduino, as a library"},
    {"esp-idf", "ESP-IDF, as a component"},
};

/// What descriptors tell people.
std::string sentence(const LayoutOptions& options) {
  return cat("The network ", options.name, " as C++ without heap and interpreter, made by mote ",
             options.version);
}

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

/// Of flags, those that are no language version: "-fwrapv -ffp-contract=off".
constexpr const char* kArithmetic = "-fwrapv -ffp-contract=off";

void add_zephyr(std::vector<File>& files, const LayoutOptions& options) {
  const std::string symbol = "MOTE_" + upper(options.name);
  files.push_back(
      {"zephyr/module.yml",
       cat("name: mote_", options.name, "\nbuild:\n  cmake: zephyr\n  kconfig: zephyr/Kconfig\n")});
  files.push_back({"zephyr/Kconfig", cat("config ", symbol, "\n\tbool \"", sentence(options),
                                         "\"\n\tdefault y\n\tdepends on CPP\n")});
  files.push_back(
      {"zephyr/CMakeLists.txt",
       cat("if(CONFIG_", symbol,
           ")\n  zephyr_include_directories(..)\n  zephyr_library_named(mote_", options.name,
           ")\n  zephyr_library_sources(../", options.name,
           ".cc)\n  zephyr_library_compile_options($<$<COMPILE_LANGUAGE:CXX>:-std=c++20> ",
           kArithmetic, " ", options.optimize, ")\nendif()\n")});
}

void add_platformio(std::vector<File>& files, const LayoutOptions& options) {
  files.push_back(
      {"library.json",
       cat("{\n  \"name\": \"", options.name, "\",\n  \"version\": \"", options.version,
           "\",\n  \"description\": \"", sentence(options),
           "\",\n  \"frameworks\": \"*\",\n  \"platforms\": \"*\",\n  \"headers\": \"",
           options.name,
           ".h\",\n  \"build\": {\n    \"unflags\": [\"-std=gnu++11\", "
           "\"-std=gnu++14\", \"-std=gnu++17\"],\n    \"flags\": [\"-std=gnu++20\", \"-fwrapv\", "
           "\"-ffp-contract=off\", \"",
           options.optimize, "\"]\n  }\n}\n")});
}

/// Libraries of Arduino have no flags of their own: the source says them itself.
void add_arduino(std::vector<File>& files, const LayoutOptions& options) {
  for (File& file : files) {
    if (file.name != cat("src/", options.name, ".cc")) continue;
    file.name = cat("src/", options.name, ".cpp");
    file.text =
        cat("#if __cplusplus < 202002L\n#error \"needs C++20: put "
            "compiler.cpp.extra_flags=-std=gnu++20 "
            "into platform.local.txt\"\n#endif\n#pragma GCC optimize(\"",
            options.optimize.substr(1), "\", \"wrapv\", \"fp-contract=off\")\n", file.text);
  }
  files.push_back({"library.properties",
                   cat("name=", options.name, "\nversion=", options.version,
                       "\nauthor=mote\nmaintainer=mote\nsentence=", sentence(options),
                       ".\nparagraph=Its header says how to call it.\ncategory=Data Processing\n"
                       "url=https://example.com\narchitectures=*\nincludes=",
                       options.name, ".h\n")});
}

void add_esp_idf(std::vector<File>& files, const LayoutOptions& options) {
  files.push_back(
      {"CMakeLists.txt", cat("idf_component_register(SRCS \"", options.name,
                             ".cc\" INCLUDE_DIRS \".\")\ntarget_compile_options(${COMPONENT_LIB} "
                             "PRIVATE -std=gnu++20 ",
                             kArithmetic, " ", options.optimize, ")\n")});
  files.push_back({"idf_component.yml",
                   cat("version: \"", options.version, "\"\ndescription: ", sentence(options),
                       "\ndependencies:\n  idf: \">=5.0\"\n")});
}

}  // namespace

std::span<const Layout> all_layouts() { return kLayouts; }

const Layout* find_layout(std::string_view name) {
  const auto* it = std::find_if(std::begin(kLayouts), std::end(kLayouts),
                                [&](const Layout& layout) { return layout.name == name; });
  return it == std::end(kLayouts) ? nullptr : it;
}

std::vector<File> laid_out(const Layout& layout, std::vector<File> files,
                           const LayoutOptions& options) {
  const auto kind = static_cast<Kind>(&layout - kLayouts);
  if (kind == kPlatformIo || kind == kArduino)
    for (File& file : files) file.name = "src/" + file.name;
  switch (kind) {
    case kPlain:
      break;
    case kZephyr:
      add_zephyr(files, options);
      break;
    case kPlatformIo:
      add_platformio(files, options);
      break;
    case kArduino:
      add_arduino(files, options);
      break;
    case kEspIdf:
      add_esp_idf(files, options);
      break;
  }
  return files;
}

}  // namespace mote::emit
