package dev.pareto.proxy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The borders of the house: who may use whom. A wall that has to fall is torn down here first, with the reason. */
@AnalyzeClasses(packages = "dev.pareto", importOptions = DoNotIncludeTests.class)
final class BordersTest {

    @ArchTest
    static final ArchRule policies_know_only_the_jdk_yaml_and_mathematics = classes().that()
            .resideInAPackage("dev.pareto.policies..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("dev.pareto.policies..", "java..", "tools.jackson..", "org.snakeyaml.engine..",
                    "com.fasterxml.jackson.annotation..",
                    // the binomial distribution under the accuracy floors
                    "org.apache.commons.statistics..",
                    // the conditions of rules, and the lists that it answers with
                    "dev.cel..", "com.google.common.collect..", "org.jspecify..");

    @ArchTest
    static final ArchRule the_engine_knows_only_the_jdk = classes().that()
            .resideInAPackage("dev.pareto.engine..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("dev.pareto.engine..", "java..", "jdk.incubator.vector..", "org.jspecify..")
            .because("it must be embeddable anywhere");

    @ArchTest
    static final ArchRule the_engine_speaks_no_http = noClasses().that()
            .resideInAPackage("dev.pareto.engine..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.net.http..");

    @ArchTest
    static final ArchRule evals_know_policies_and_mathematics = classes().that()
            .resideInAPackage("dev.pareto.evals..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("dev.pareto.evals..", "dev.pareto.policies..", "java..", "tools.jackson..",
                    "com.fasterxml.jackson.annotation..", "org.apache.commons..", "org.jspecify..",
                    // others' YAML with anchors, which Jackson does not resolve
                    "org.snakeyaml.engine..",
                    // of the JDK: samples at rest, JUnit reports, the xml_valid grader
                    "javax.crypto..", "javax.xml.stream..", "javax.xml.parsers..", "org.xml.sax..",
                    // the json_schema grader
                    "com.networknt.schema..");

    @ArchTest
    static final ArchRule the_checker_shares_nothing_with_the_maker = classes().that()
            .resideInAPackage("dev.pareto.evals.check..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("dev.pareto.evals.check..", "java..", "tools.jackson..", "org.jspecify..",
                    "org.apache.commons.statistics.distribution..")
            .because("one mistake must not be made twice");

    @ArchTest
    static final ArchRule evals_know_no_sql = noClasses().that()
            .resideInAnyPackage("dev.pareto.evals..", "dev.pareto.policies..", "dev.pareto.engine..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "javax.sql..");

    @ArchTest
    static final ArchRule dashboards_know_neither_gateway_nor_engine = noClasses().that()
            .resideInAPackage("dev.pareto.dashboards..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.pareto.proxy..", "dev.pareto.engine..", "dev.pareto.evals..",
                    "org.springframework.web..", "org.springframework.boot..", "reactor..", "io.netty..");

    @ArchTest
    static final ArchRule modules_form_no_circle = slices().matching("dev.pareto.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule rooms_of_policies_form_no_circle = slices().matching("dev.pareto.policies.(*)..")
            .should()
            .beFreeOfCycles();

    @ArchTest
    static final ArchRule rooms_of_evals_form_no_circle = slices().matching("dev.pareto.evals.(*)..")
            .should()
            .beFreeOfCycles();

    @ArchTest
    static final ArchRule rooms_of_the_proxy_form_no_circle = slices().matching("dev.pareto.proxy.(*)..")
            .should()
            .beFreeOfCycles();

    @ArchTest
    static final ArchRule rooms_of_the_command_line_form_no_circle = slices().matching("dev.pareto.proxy.cli.(*)..")
            .should()
            .beFreeOfCycles();

    @ArchTest
    static final ArchRule the_web_stays_in_the_proxy = noClasses().that()
            .resideOutsideOfPackage("dev.pareto.proxy..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework.web..", "org.springframework.cloud..", "reactor..", "io.netty..");
}
