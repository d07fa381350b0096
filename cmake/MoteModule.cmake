# mote_module(NAME [SOURCES ...] [DEPENDS ...] [LIBRARIES ...] [TESTS ...])
#
# One folder = one target: makes the library mote_<NAME> (alias mote::<NAME>) from the folder it is
# called in, and from TESTS the program mote_<NAME>_test, whose tests ctest knows one by one.
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
    target_link_libraries(${target} PRIVATE ${arg_LIBRARIES} mote_warnings)
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  add_library(mote::${name} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
  target_include_directories(
    ${target} ${scope} $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}> $<INSTALL_INTERFACE:include>)
  target_compile_features(${target} ${scope} cxx_std_20)
  target_link_libraries(${target} ${scope} ${arg_DEPENDS})
  set_property(GLOBAL APPEND PROPERTY MOTE_MODULES ${target})
  if(arg_TESTS AND MOTE_BUILD_TESTS)
    mote_test(${target}_test SOURCES ${arg_TESTS} LIBRARIES ${target} ${arg_TEST_DEPENDS})
  endif()
endfunction()

# mote_test(NAME SOURCES ... [LIBRARIES ...]): a GoogleTest program whose tests ctest knows one by one.
function(mote_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBRARIES")
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_LIBRARIES} mote_warnings GTest::gmock_main)
  target_compile_definitions(${name} PRIVATE MOTE_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST PROPERTIES SKIP_REGULAR_EXPRESSION
                       "\\[  SKIPPED \\]" TIMEOUT 600)
endfunction()
