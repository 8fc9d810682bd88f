package org.jvmipc.cli;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a user's program compiles against: the supertypes of a class, their type arguments, the bounds of its type
 * variables, and the same of its public and protected fields, methods and constructors, annotations included.
 */
final class SignatureCondition extends ArchCondition<JavaClass> {
    private final DescribedPredicate<? super JavaClass> allowed;

    private SignatureCondition(DescribedPredicate<? super JavaClass> allowed) {
        super("have only types in their signatures that are " + allowed.getDescription());
        this.allowed = allowed;
    }

    static ArchCondition<JavaClass> holdOnly(DescribedPredicate<? super JavaClass> allowed) {
        return new SignatureCondition(allowed);
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
        List<JavaType> header = new ArrayList<>(type.getTypeParameters());
        type.getSuperclass().ifPresent(header::add);
        header.addAll(type.getInterfaces());
        type.getAnnotations().forEach(annotation -> header.add(annotation.getRawType()));
        report(type, type.getDescription(), header, events);

        for (JavaMember member : type.getMembers()) {
            if (isVisible(member)) {
                report(type, member.getDescription(), typesOf(member), events);
            }
        }
    }

    private static boolean isVisible(JavaMember member) {
        Set<JavaModifier> modifiers = member.getModifiers();
        return (modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED))
                && !modifiers.contains(JavaModifier.SYNTHETIC);
    }

    private static List<JavaType> typesOf(JavaMember member) {
        List<JavaType> types = new ArrayList<>();
        member.getAnnotations().forEach(annotation -> types.add(annotation.getRawType()));
        if (member instanceof JavaField field) {
            types.add(field.getType());
        } else if (member instanceof JavaCodeUnit unit) {
            types.addAll(unit.getTypeParameters());
            types.add(unit.getReturnType());
            types.addAll(unit.getParameterTypes());
            types.addAll(unit.getExceptionTypes());
        }
        return types;
    }

    private void report(JavaClass type, String where, List<JavaType> types, ConditionEvents events) {
        Set<JavaClass> raw = new HashSet<>();
        types.forEach(found -> raw.addAll(found.getAllInvolvedRawTypes()));
        for (JavaClass found : raw) {
            JavaClass element = found.getBaseComponentType();
            if (!element.isPrimitive() && !allowed.test(element)) {
                events.add(SimpleConditionEvent.violated(type, where + " shows " + element.getName()));
            }
        }
    }
}
