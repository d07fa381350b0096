# What runs once a model, and not once a sample or an inference.
set(MOTE_COMPACT_MODULES compiler emit graph guard model mote onnx ops passes plan power program support tensor_io)

# mote_module(NAME [SOURCES ...] [DEPENDS ...] [LIBRARIES ...] [TESTS ...])
#
# One folder = one target: makes the library mote_<NAME> (alias mote::<NAME>) from the folder it is
# called in, and from TESTS the program mote_<NAME>_test, whose tests ctest knows one by one. The
# folder's headers are installed with the library, and the target all_verify_interface_header_sets
# compiles each of them alone.
#
#   SOURCES    the .cc files; without any, the module is header-only
#   DEPENDS    modules of mote whose headers this one's headers or sources include (their NAMEs)
#   LIBRARIES  libraries from outside, linked privately
#   TESTS      the x_test.cc files; TEST_DEPENDS: further modules that only the tests include
function(mote_module name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPENDS;LIBRARIES;TESTS;TEST_DEPENDS")
  set(target mote_${name})
  list(TRANSFORM arg_DEPENDS PREPEND mote::)
  list(TRANSFORM arg_TEST_DEPENDS PREPEND mote::)
  if(arg_SOURCES)
    add_library(${target} STATIC ${arg_SOURCES})
    set(scope PUBLIC)
    target_link_libraries(${target} PRIVATE ${arg_LIBRARIES} $<BUILD_INTERFACE:mote_warnings>)
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  if(arg_SOURCES AND name IN_LIST MOTE_COMPACT_MODULES)
    mote_compact(${target})
    mote_headers_once(${target} compact)
  endif()
  add_library(mote::${name} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
  target_include_directories(
    ${target} ${scope} $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}> $<INSTALL_INTERFACE:include>)
  mote_headers(${target} ${scope})
  target_compile_features(${target} ${scope} cxx_std_20)
  target_link_libraries(${target} ${scope} ${arg_DEPENDS})
  set_property(GLOBAL APPEND PROPERTY MOTE_MODULES ${target})
  if(arg_TESTS AND MOTE_BUILD_TESTS)
    mote_test(${target}_test SOURCES ${arg_TESTS} LIBRARIES ${target} ${arg_TEST_DEPENDS})
  endif()
endfunction()

# mote_compact(TARGET) and mote_compact_sources(FILE...): make them small rather than fast. They start
# sooner, as fewer pages are read, and take a third of the memory.
set(MOTE_COMPACT_OPTION $<$<CONFIG:Release,RelWithDebInfo>:-Os>)
if(MOTE_SANITIZE)
  set(MOTE_COMPACT_OPTION)
endif()
function(mote_compact target)
  target_compile_options(${target} PRIVATE ${MOTE_COMPACT_OPTION})
endfunction()
function(mote_compact_sources)
  set_source_files_properties(${ARGN} PROPERTIES COMPILE_OPTIONS "${MOTE_COMPACT_OPTION}"
                                                 SKIP_PRECOMPILE_HEADERS ON)
endfunction()

# mote_quick_sources(FILE...): of a compact target, those that look at every weight of a model.
function(mote_quick_sources)
  if(NOT MOTE_SANITIZE)
    set_source_files_properties(
      ${ARGN} PROPERTIES COMPILE_OPTIONS $<$<CONFIG:Release,RelWithDebInfo>:-O2>
                         SKIP_PRECOMPILE_HEADERS ON)
  endif()
endfunction()

# mote_starts_quickly(PROGRAM): links it so that little happens before main().
include(CheckLinkerFlag)
check_linker_flag(CXX -Wl,-z,pack-relative-relocs MOTE_HAS_PACKED_RELOCATIONS)
function(mote_starts_quickly program)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU" OR MOTE_SANITIZE)
    return()
  endif()
  # Relocating the shared libstdc++ takes longer than a small network's first inference.
  target_link_options(${program} PRIVATE -static-libstdc++ -static-libgcc)
  target_sources(${program} PRIVATE ${PROJECT_SOURCE_DIR}/cmake/terminate.cc)
  set_source_files_properties(${PROJECT_SOURCE_DIR}/cmake/terminate.cc PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
  # Fewer segments, so fewer pages to map and to fill up.
  target_link_options(${program} PRIVATE -Wl,-z,noseparate-code)
  # The same relocations in a twentieth of the room, where linker and C library know how.
  if(MOTE_HAS_PACKED_RELOCATIONS)
    target_link_options(${program} PRIVATE -Wl,-z,pack-relative-relocs)
  endif()
endfunction()

# mote_headers(TARGET SCOPE): the headers of the calling folder become TARGET's. Those for another
# CPU's intrinsics are installed, but only that CPU's compiler can check them.
function(mote_headers target scope)
  file(GLOB headers CONFIGURE_DEPENDS *.h isa/*.h)
  set(other_cpus ${headers})
  list(FILTER other_cpus INCLUDE REGEX "/isa/(avx2|avx512|dsp|mve|neon|rvv)[a-z0-9_]*\\.h$")
  if(other_cpus)
    list(REMOVE_ITEM headers ${other_cpus})
  endif()
  foreach(set IN ITEMS headers other_cpus)
    target_sources(${target} ${scope} FILE_SET ${set} TYPE HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}
                                      FILES ${${set}})
  endforeach()
  set_target_properties(${target} PROPERTIES INTERFACE_HEADER_SETS_TO_VERIFY headers)
endfunction()

# mote_headers_once(TARGET KIND): has the headers of the system and of GoogleTest, which take longer to read
# than most sources, compiled once for all targets of a KIND: `test`, or `compact` for what
# mote_compact() was called for. Only where tests are built, so that other builds see what a source
# forgot to include, and not with a launcher such as ccache, which wants sources whole.
function(mote_headers_once target kind)
  if(CMAKE_CXX_COMPILER_LAUNCHER OR NOT MOTE_BUILD_TESTS OR NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    return()
  endif()
  set(once mote_${kind}_headers)
  if(NOT TARGET ${once})
    file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/${once}.cc CONTENT "")
    add_library(${once} OBJECT ${PROJECT_BINARY_DIR}/${once}.cc)
    target_link_libraries(${once} PRIVATE mote_warnings tl::expected)
    target_precompile_headers(
      ${once} PRIVATE <algorithm> <array> <cmath> <cstdint> <cstring> <limits> <map> <memory> <optional> <random>
                      <span> <string> <string_view> <utility> <vector> <tl/expected.hpp>)
    if(kind STREQUAL "test")
      target_link_libraries(${once} PRIVATE GTest::gmock)
      target_precompile_headers(${once} PRIVATE <filesystem> <fstream> <gmock/gmock.h> <gtest/gtest.h>)
    else()
      mote_compact(${once})
    endif()
  endif()
  target_precompile_headers(${target} REUSE_FROM ${once})
endfunction()

# mote_test(NAME SOURCES ... [LIBRARIES ...]): a GoogleTest program whose tests ctest knows one by one.
function(mote_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBRARIES")
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_LIBRARIES} mote_warnings GTest::gmock_main)
  target_compile_definitions(${name} PRIVATE MOTE_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  mote_headers_once(${name} test)
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST PROPERTIES SKIP_REGULAR_EXPRESSION
                       "\\[  SKIPPED \\]" TIMEOUT 600)
endfunction()
